# SPDX-License-Identifier: Apache-2.0
# The Debian package: cpack --preset release writes build/release/package/weir_VERSION_MACHINE.deb.
#
# It holds the component `program`: weir, DuckDB's library where it has been installed, and what there
# is to read. The component `development` (headers, static library, CMake files) is left to
# `cmake --install`: a static C++ library without a stable ABI belongs to the compiler and the flags of
# the project that links it, and a weir-dev would depend on six other -dev packages.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/package)
set(CPACK_PACKAGE_NAME weir)
set(CPACK_PACKAGE_VENDOR "weir developers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "reads AWS VPC Flow Logs and answers questions about them")
set(CPACK_PACKAGE_DESCRIPTION
"weir reads AWS VPC Flow Logs in every shape in which AWS delivers them, and
finds out their format by itself. It shows the largest talkers, traffic over
time, both directions of each conversation, and which security group or
network ACL accepted or rejected a flow; it suggests narrower rules, answers
SQL, and writes CSV, JSON and Parquet.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL program)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "weir developers")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)   # xz takes half a minute for DuckDB's 65 MB
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)    # what the program links, with the versions that it needs
set(CPACK_DEBIAN_PACKAGE_DEPENDS tzdata)  # read, not linked: the time zones
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# DuckDB's library is opened by its path, so there is nothing for ldconfig to do. CPack writes scripts that
# call it unless the project names its own. These names have no file, of which CPack warns, and so the
# package has no scripts.
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA no-script/postinst no-script/postrm)

install(FILES LICENSE README.md CHANGELOG.md cmake/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR}
  PATTERN "*.py" EXCLUDE PATTERN __pycache__ EXCLUDE)

include(CPack)
