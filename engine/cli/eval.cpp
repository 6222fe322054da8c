// redress eval: one expression of the workflow language by itself. Its value with its type, or its error and exit status 1.
#include <iostream>
#include <iterator>
#include <ostream>

#include "cli/json_text.hpp"
#include "cli/verbs.hpp"
#include "redress/expression.hpp"
#include "redress/limits.hpp"

namespace redress::cli {
namespace {

Result<std::string> variables_of(const std::string& file) {
  if (file.empty()) return std::string();
  if (file != "-") return read_file(file, limits::document_bytes_max);
  std::string text;
  for (std::istreambuf_iterator<char> next(std::cin), end; next != end && text.size() <= limits::document_bytes_max; ++next)
    text.push_back(*next);
  return text;
}

}  // namespace

Result<int> eval(const EvalOptions& options, Console& console) {
  const auto variables = variables_of(options.variables);
  if (!variables) return variables.error();
  const auto evaluation = evaluate_expression(options.expression, *variables, options.language);
  if (!evaluation) return evaluation.error();
  console.out << evaluation->json << '\n';
  return evaluation->failed ? 1 : 0;
}

}  // namespace redress::cli
