# Debian packages through CPack, one for each component: ./dev package. The library's package bears its soversion, so that two
# that cannot take each other's place may be installed at once.
set(REDRESS_MAINTAINER "The authors of Redress <redress@example.invalid>" CACHE STRING "Whom a package names: name <address>")
set(LIBRARY_PACKAGE libredress${REDRESS_SOVERSION})
set(SERVICE_PACKAGE libredress-service${REDRESS_SOVERSION})
set(RELEASE 1)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME redress)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "workflow engine for public complaints, with truthful replies")
set(CPACK_PACKAGE_VENDOR Redress)
set(CPACK_PACKAGE_CONTACT "${REDRESS_MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_SOURCE_DIR}/debian_files.cmake)
set(CPACK_REDRESS_SOURCE ${PROJECT_SOURCE_DIR})
set(CPACK_REDRESS_LIBRARY_PACKAGE ${LIBRARY_PACKAGE})
set(CPACK_REDRESS_SERVICE_PACKAGE ${SERVICE_PACKAGE})
set(CPACK_REDRESS_VERSION ${PROJECT_VERSION}-${RELEASE})
set(CPACK_COMPONENTS_ALL library service dev program)
set(CPACK_DEB_COMPONENT_INSTALL ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${RELEASE})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(WHAT_IT_IS "Redress turns public complaints into cases, has departments carry out what
is promised in them through plugins, and publishes replies that say only
what the state and evidence of those commitments show.")
set(SAME "${LIBRARY_PACKAGE} (= ${PROJECT_VERSION}-${RELEASE})")

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME ${LIBRARY_PACKAGE})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SHLIBDEPS ON)
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/triggers "activate-noawait ldconfig\n")
# By hand, since CPack would take each plugin for a library too.
set(SHLIBS ${CMAKE_CURRENT_BINARY_DIR}/library/shlibs)
file(WRITE ${SHLIBS} "libredress ${REDRESS_SOVERSION} ${LIBRARY_PACKAGE} (>= ${PROJECT_VERSION})\n")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${SHLIBS} ${CMAKE_CURRENT_BINARY_DIR}/triggers)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "${WHAT_IT_IS}
This is the shared library, for programs that were built with it.")

set(CPACK_DEBIAN_SERVICE_PACKAGE_NAME ${SERVICE_PACKAGE})
set(CPACK_DEBIAN_SERVICE_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_SERVICE_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_SERVICE_PACKAGE_DEPENDS "${SAME}")
set(SHLIBS ${CMAKE_CURRENT_BINARY_DIR}/service/shlibs)
file(WRITE ${SHLIBS} "libredress-service ${REDRESS_SOVERSION} ${SERVICE_PACKAGE} (>= ${PROJECT_VERSION})\n")
set(CPACK_DEBIAN_SERVICE_PACKAGE_CONTROL_EXTRA ${SHLIBS} ${CMAKE_CURRENT_BINARY_DIR}/triggers)
set(CPACK_COMPONENT_SERVICE_DESCRIPTION "${WHAT_IT_IS}
This is its HTTP service as a shared library, for programs that were
built with it. The program redress needs it not.")

# The -dev packages are what the static libraries are linked with, and what pkg-config asks for.
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libredress-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
  "${SAME}, ${SERVICE_PACKAGE} (= ${PROJECT_VERSION}-${RELEASE}), libcpp-httplib-dev, libhowardhinnant-date-dev, libicu-dev, libre2-dev, libsqlite3-dev, libsqlitecpp-dev, libssl-dev")
set(CPACK_COMPONENT_DEV_DESCRIPTION "${WHAT_IT_IS}
These are the headers, the static libraries, and what CMake and pkg-config
need to build programs and plugins.")

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME redress)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/engine)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS "${SAME}")
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "${WHAT_IT_IS}
This is the program, with five departments and the workflows for them.")
include(CPack)
