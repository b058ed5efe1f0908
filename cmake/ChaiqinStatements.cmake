# chaiqin_statements(NAME): the .sql files of the library's folder as constants, "FOLDER/file.sql.hpp"
# (cmake/make_statements.py says how a statement is written).
set(CHAIQIN_STATEMENTS_DIR ${CMAKE_BINARY_DIR}/statements)
function(chaiqin_statements name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/services/${name}/*.sql)
  set(headers)
  foreach(source ${sources})
    file(RELATIVE_PATH place ${CMAKE_SOURCE_DIR}/services ${source})
    get_filename_component(folder ${place} DIRECTORY)
    set(header ${CHAIQIN_STATEMENTS_DIR}/${place}.hpp)
    add_custom_command(OUTPUT ${header}
      COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/cmake/make_statements.py ${folder} ${source} ${header}
      DEPENDS ${source} ${CMAKE_SOURCE_DIR}/cmake/make_statements.py
      COMMENT "Statements of ${place}" VERBATIM)
    list(APPEND headers ${header})
    set_property(GLOBAL APPEND PROPERTY CHAIQIN_STATEMENT_FILES ${place})
  endforeach()
  target_sources(chaiqin_${name} PRIVATE ${headers})
  target_include_directories(chaiqin_${name} PUBLIC ${CHAIQIN_STATEMENTS_DIR})
endfunction()

# chaiqin_list_of_statements(HEADER): a header with the statements of every .sql file, for the test that plans them all.
function(chaiqin_list_of_statements header)
  get_property(places GLOBAL PROPERTY CHAIQIN_STATEMENT_FILES)
  set(includes)
  set(rows)
  foreach(place ${places})
    get_filename_component(folder ${place} DIRECTORY)
    get_filename_component(stem ${place} NAME_WE)
    string(REPLACE "/" "::" namespace ${folder})
    string(APPEND includes "#include \"${place}.hpp\"\n")
    string(APPEND rows "    {\"${place}\", chaiqin::${namespace}::sql::all_of_${stem}},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${header} @ONLY CONTENT "#pragma once
#include <span>
#include <string_view>
#include <utility>

@includes@
inline const std::pair<std::string_view, std::span<const chaiqin::postgres::Sql>> statements_by_file[]{
@rows@};
")
endfunction()
