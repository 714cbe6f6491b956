# What `cmake --install` and `cpack -G DEB` make: programs, catalogue, schema, man pages and completion. Pages and completion
# come from the programs themselves, so that they say what the programs take.
set(pages "")
foreach(program hiatus minibroker)
  set(folder ${PROJECT_BINARY_DIR}/manual)
  set(outputs ${folder}/${program}.1.gz ${folder}/${program} ${folder}/_${program})
  add_custom_command(OUTPUT ${outputs}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND sh -c "\"$1\" --man | gzip -9n > \"$2/$3.1.gz\" && \"$1\" --completion bash > \"$2/$3\" && \"$1\" --completion zsh > \"$2/_$3\"" -- $<TARGET_FILE:${program}> ${folder} ${program}
    DEPENDS ${program} VERBATIM)
  list(APPEND pages ${outputs})
  install(FILES ${folder}/${program}.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT runtime)
  install(FILES ${folder}/${program} DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT runtime)
  install(FILES ${folder}/_${program} DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT runtime)
endforeach()
add_custom_target(manual ALL DEPENDS ${pages})

install(TARGETS hiatus minibroker hiatus-client-adapter RUNTIME COMPONENT runtime)
# The program looks beside itself, in ../share/hiatus.
foreach(folder catalog fragments ledger requirements targets)
  install(DIRECTORY scenarios/${folder} DESTINATION ${CMAKE_INSTALL_DATADIR}/hiatus/scenarios
          COMPONENT runtime FILES_MATCHING PATTERN *.txtpb)
endforeach()
# What profiles start, from where they stand: adapters of client libraries, brokers from npm.
install(DIRECTORY scenarios/targets DESTINATION ${CMAKE_INSTALL_DATADIR}/hiatus/scenarios COMPONENT runtime USE_SOURCE_PERMISSIONS
        FILES_MATCHING PATTERN *.py PATTERN *.mjs PATTERN package*.json PATTERN README.md PATTERN installed.sh PATTERN node_modules EXCLUDE PATTERN __pycache__ EXCLUDE)
install(DIRECTORY proto/hiatus DESTINATION ${CMAKE_INSTALL_DATADIR}/hiatus/proto COMPONENT runtime FILES_MATCHING PATTERN *.proto)
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)

set(CPACK_PACKAGE_NAME hiatus)
set(CPACK_PACKAGE_CONTACT "Hiatus <hiatus@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "MQTT session-state conformance harness, with a small broker")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL runtime)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libqt6sql6-sqlite") # a plug-in, which no program names
include(CPack)
