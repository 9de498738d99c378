# Install rules, and the Debian package that `cpack -G DEB` makes of them. Programs find what comes with them relative to where
# they are (core/base/resources.h), so that a prefix may be moved.
include(GNUInstallDirs)

# qt_standard_project_setup would have them look for libraries beside themselves. Where the system does not look, as in a
# libtorch of one's own, they do.
foreach(program synoscope synoscope-cli synoscope-worker)
    if(TARGET ${program})
        set_target_properties(${program} PROPERTIES INSTALL_RPATH "" INSTALL_RPATH_USE_LINK_PATH ON)
    endif()
endforeach()
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

# What a desktop wants to know: the menu's entry, the two types of file, the catalogue's text, icons.
set(desktop ${CMAKE_SOURCE_DIR}/resources/desktop)
install(FILES ${desktop}/org.synoscope.Synoscope.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
install(FILES ${desktop}/org.synoscope.Synoscope.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
install(FILES ${desktop}/org.synoscope.Synoscope.mime.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages
        RENAME org.synoscope.Synoscope.xml)

add_executable(draw_icon ${CMAKE_SOURCE_DIR}/packaging/draw_icon.cpp)
target_link_libraries(draw_icon PRIVATE Qt6::Gui Qt6::Svg)
set(pictures "")

# The drawing under the name that the theme knows it by, and pictures of it: context is apps or mimetypes.
function(synoscope_icon drawing context name)
    set(icons ${CMAKE_INSTALL_DATADIR}/icons/hicolor)
    install(FILES ${drawing} DESTINATION ${icons}/scalable/${context} RENAME ${name}.svg)
    foreach(size 16 24 32 48 64 128 256)
        set(picture ${CMAKE_BINARY_DIR}/icons/${size}/${name}.png)
        file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/icons/${size})
        add_custom_command(OUTPUT ${picture} COMMAND draw_icon ${drawing} ${size} ${picture} DEPENDS ${drawing} draw_icon VERBATIM)
        install(FILES ${picture} DESTINATION ${icons}/${size}x${size}/${context})
        list(APPEND pictures ${picture})
    endforeach()
    set(pictures ${pictures} PARENT_SCOPE)
endfunction()
synoscope_icon(${CMAKE_SOURCE_DIR}/resources/icons/synoscope.svg apps org.synoscope.Synoscope)
synoscope_icon(${desktop}/application-x-synoscope.svg mimetypes application-x-synoscope)
synoscope_icon(${desktop}/application-x-pgraph.svg mimetypes application-x-pgraph)
add_custom_target(desktop_icons ALL DEPENDS ${pictures})
if(TARGET synoscope)
    add_dependencies(synoscope desktop_icons) # who builds the programs can install them
endif()

# Manuals and the list of changes lie compressed in Debian; man reads both. Without a time stamp: builds should compare.
function(synoscope_install_compressed file destination)
    get_filename_component(name ${file} NAME)
    set(compressed ${CMAKE_BINARY_DIR}/compressed/${name}.gz)
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/compressed)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    execute_process(COMMAND gzip -9nc ${file} OUTPUT_FILE ${compressed} COMMAND_ERROR_IS_FATAL ANY)
    install(FILES ${compressed} DESTINATION ${destination})
endfunction()
synoscope_install_compressed(${CMAKE_SOURCE_DIR}/packaging/man/synoscope.1 ${CMAKE_INSTALL_MANDIR}/man1)
synoscope_install_compressed(${CMAKE_SOURCE_DIR}/packaging/man/synoscope-cli.1 ${CMAKE_INSTALL_MANDIR}/man1)
synoscope_install_compressed(${CMAKE_SOURCE_DIR}/packaging/debian/changelog ${CMAKE_INSTALL_DATADIR}/doc/synoscope)
install(FILES ${CMAKE_SOURCE_DIR}/packaging/debian/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/synoscope)

# The package. What it depends on is what the three programs are linked with (dpkg-shlibdeps); what they start, or what reads
# their exports, is recommended. Menus, types and icons are registered by the triggers of the packages that keep them.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME synoscope)
set(CPACK_PACKAGE_VENDOR "Synoscope developers")
set(CPACK_PACKAGE_CONTACT "Synoscope developers <developers@synoscope.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "workbench that synthesises neural-network operators")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "Synoscope finds operators that can stand in the place of a network's
convolutions. It builds them from eight primitives, searches among them with
Monte Carlo tree search, measures and trains what it finds in the background,
and shows the search while it runs. Operators are exported as PyTorch,
TorchScript or libtorch modules, as C++ kernels, Halide pipelines or ONNX.
.
synoscope is the workbench; synoscope-cli does the same without a screen.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS
    "g++, libopenblas0, python3-torch, qt6-wayland, qt6-translations-l10n, hicolor-icon-theme, shared-mime-info, desktop-file-utils")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "python3-onnx, slurm-client")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
include(CPack)
