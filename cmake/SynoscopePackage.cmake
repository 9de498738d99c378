# Install rules. Programs find what comes with them relative to where they are (core/base/resources.h), so that a
# prefix may be moved.
include(GNUInstallDirs)

foreach(program synoscope synoscope-cli)
    if(TARGET ${program})
        install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    endif()
endforeach()
if(TARGET synoscope-worker)
    install(TARGETS synoscope-worker RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/synoscope)
endif()
install(DIRECTORY ${CMAKE_SOURCE_DIR}/resources/operators ${CMAKE_SOURCE_DIR}/resources/problems ${CMAKE_SOURCE_DIR}/resources/backbones
        DESTINATION ${CMAKE_INSTALL_DATADIR}/synoscope)
