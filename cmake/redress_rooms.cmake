# A room of the house: a folder under engine/ that uses only the floors below it.

# redress_room(NAME [PRECOMPILE] USES room... LINKS target... SOURCES file...)
#
# Makes the static library redress_NAME. USES names the rooms below that it may include; LINKS the outside libraries,
# which stay private to the room. PRECOMPILE: most files use nlohmann/json, which costs each of them seconds.
function(redress_room NAME)
  cmake_parse_arguments(PARSE_ARGV 1 ROOM "PRECOMPILE" "" "USES;LINKS;SOURCES")
  add_library(redress_${NAME} STATIC ${ROOM_SOURCES})
  target_compile_features(redress_${NAME} PUBLIC cxx_std_20)
  set_target_properties(redress_${NAME} PROPERTIES
    POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON CXX_EXTENSIONS OFF)
  target_include_directories(redress_${NAME} PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/engine)
  list(TRANSFORM ROOM_USES PREPEND redress_)
  target_link_libraries(redress_${NAME} PUBLIC ${ROOM_USES} PRIVATE ${ROOM_LINKS})
  if(ROOM_PRECOMPILE)
    target_precompile_headers(redress_${NAME} PRIVATE <functional> <map> <memory> <optional> <string> <vector> <nlohmann/json.hpp>)
  endif()
endfunction()
