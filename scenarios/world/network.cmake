# Real sockets and the real clock.
hiatus_library(networkworld QT
  SOURCES adapterprocess.cpp adapterworld.cpp freeports.cpp networkhub.cpp networkplainlink.cpp networkprobe.cpp networktarget.cpp networktls.cpp networktlslink.cpp networkwebsocketlink.cpp
          networkworld.cpp pulse.cpp
  LINKS Hiatus::schema Hiatus::session Hiatus::wire Hiatus::minibroker Hiatus::processsession Qt6::Core Qt6::Network fmt::fmt tl::expected)
