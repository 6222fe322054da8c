# What Debian asks of a package's files, done by CPack between the installing and the packing.
string(TIMESTAMP YEAR "%Y" UTC)
string(TIMESTAMP NOW "%a, %d %b %Y %H:%M:%S +0000" UTC)
foreach(PART library service dev program)
  set(ROOT ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${PART}/usr)
  set(NAME_library ${CPACK_REDRESS_LIBRARY_PACKAGE})
  set(NAME_service ${CPACK_REDRESS_SERVICE_PACKAGE})
  set(NAME_dev libredress-dev)
  set(NAME_program redress)
  set(DOC ${ROOT}/share/doc/${NAME_${PART}})
  if(NOT IS_DIRECTORY ${ROOT} OR EXISTS ${DOC}/copyright)
    continue()
  endif()
  file(WRITE ${DOC}/copyright "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Redress

Files: *
Copyright: ${YEAR} the authors of Redress
License: Apache-2.0
 The whole licence is in /usr/share/common-licenses/Apache-2.0.
")
  configure_file(${CPACK_REDRESS_SOURCE}/CHANGELOG.md ${DOC}/changelog COPYONLY)
  file(WRITE ${DOC}/changelog.Debian "redress (${CPACK_REDRESS_VERSION}) unstable; urgency=medium

  * What is new is told in changelog.gz.

 -- ${CPACK_PACKAGE_CONTACT}  ${NOW}
")
  set(PACKED ${DOC}/changelog ${DOC}/changelog.Debian)
  if(PART STREQUAL "program")
    list(APPEND PACKED ${ROOT}/share/man/man1/redress.1)
  endif()
  # The system's own folders are searched anyway.
  file(GLOB LINKED ${ROOT}/bin/redress ${ROOT}/lib/*/libredress-service.so.*.*.*)
  foreach(FILE IN LISTS LINKED)
    file(RPATH_REMOVE FILE ${FILE})
  endforeach()
  execute_process(COMMAND gzip -9n ${PACKED} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
