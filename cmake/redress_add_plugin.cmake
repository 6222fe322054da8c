# What a plugin's author builds with: the target redress::plugin (the headers) and redress_add_plugin().
if(NOT TARGET redress_plugin_headers AND NOT TARGET redress::plugin)
  add_library(redress_plugin_headers INTERFACE)
  add_library(redress::plugin ALIAS redress_plugin_headers)
  set_target_properties(redress_plugin_headers PROPERTIES EXPORT_NAME plugin)
  # plugin.h and plugin.hpp need no other header of Redress, and no library.
  target_include_directories(redress_plugin_headers INTERFACE
    $<BUILD_INTERFACE:${CMAKE_CURRENT_LIST_DIR}/../include> $<INSTALL_INTERFACE:include>)
endif()

# redress_add_plugin(NAME SOURCES file... [LINKS target...])
#
# Makes the module plugins/NAME.so in the build folder. Hidden visibility alone leaks a dozen symbols, some of them unique,
# which keep a library mapped for ever; hence the flags and the version script that exports `redress_plugin` alone.
function(redress_add_plugin NAME)
  cmake_parse_arguments(PARSE_ARGV 1 PLUGIN "" "" "SOURCES;LINKS")
  set(VERSION_SCRIPT ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/redress_plugin.map)
  add_library(${NAME} MODULE ${PLUGIN_SOURCES})
  target_compile_features(${NAME} PRIVATE cxx_std_20)
  set_target_properties(${NAME} PROPERTIES PREFIX "" SUFFIX ".so" CXX_EXTENSIONS OFF
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins
    LINK_DEPENDS ${VERSION_SCRIPT})
  target_compile_options(${NAME} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  target_link_options(${NAME} PRIVATE LINKER:--version-script=${VERSION_SCRIPT} LINKER:--no-undefined)
  target_link_libraries(${NAME} PRIVATE redress::plugin ${PLUGIN_LINKS})
endfunction()
