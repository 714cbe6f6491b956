# The half of `cmake --install` that is for developers: libraries, headers and the package for find_package(Hiatus). The
# programs and the catalogue are in Package.cmake.
include(CMakePackageConfigHelpers)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/Hiatus)
set(headers ${CMAKE_INSTALL_INCLUDEDIR}/hiatus)

get_property(libraries GLOBAL PROPERTY HIATUS_LIBRARIES)
install(TARGETS hiatus_schema ${libraries} EXPORT HiatusTargets ARCHIVE COMPONENT development
        INCLUDES DESTINATION ${headers})
install(EXPORT HiatusTargets NAMESPACE Hiatus:: DESTINATION ${package} COMPONENT development)
# The installed tree is the source tree's: includes say "client/net/client.h" here and there.
install(DIRECTORY proto client minibroker scenarios DESTINATION ${headers} COMPONENT development
        FILES_MATCHING PATTERN *.h PATTERN scenarios/command EXCLUDE)
install(DIRECTORY include/ ${CMAKE_CURRENT_BINARY_DIR}/proto/schema/ DESTINATION ${headers} COMPONENT development
        FILES_MATCHING PATTERN *.h)

# What the libraries link of Qt, so that this list never goes stale.
set(HIATUS_QT "")
foreach(library ${libraries})
  get_target_property(links ${library} INTERFACE_LINK_LIBRARIES)
  foreach(link ${links})
    if(link MATCHES "^Qt6::([A-Za-z]+)$")
      list(APPEND HIATUS_QT ${CMAKE_MATCH_1})
    endif()
  endforeach()
endforeach()
list(REMOVE_DUPLICATES HIATUS_QT)
list(JOIN HIATUS_QT " " HIATUS_QT)
configure_package_config_file(cmake/HiatusConfig.cmake.in HiatusConfig.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(HiatusConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/HiatusConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/HiatusConfigVersion.cmake
        DESTINATION ${package} COMPONENT development)
