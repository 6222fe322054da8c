// The bounds that keep memory, queues and inputs finite. What passes one is refused with `invalid` or `unavailable`.
#pragma once
#include <cstddef>
#include <cstdint>

namespace redress::limits {

inline constexpr std::size_t post_bytes_max = 64 * 1024;            // One post, as a JSON line.
inline constexpr std::size_t workflow_bytes_max = 4 * 1024 * 1024;  // One workflow file.
inline constexpr std::size_t document_bytes_max = 1024 * 1024;      // Evidence, forms, inputs, manifests.
inline constexpr int json_depth_max = 64;                           // Nesting of any JSON that comes from outside.
inline constexpr std::size_t name_bytes_max = 128;                  // Ids and names; UTF-8.
inline constexpr std::size_t expression_bytes_max = 16 * 1024;      // One expression's text.
inline constexpr int expression_depth_max = 100;                    // Nesting of one expression.
inline constexpr std::int64_t expression_cost_max = 1'000'000;      // Steps of one evaluation.
inline constexpr std::size_t macrostep_steps_max = 1000;            // Events and transitions without one, of one reaction.
inline constexpr int written_off_max = 5;                           // Calls of one department that gave no answer in time.
inline constexpr int instances_max = 20;                            // Commitments of one name in one episode.
inline constexpr std::size_t commands_queued_max = 4096;            // Waiting for the writer; then `unavailable`.
inline constexpr std::size_t batch_commands_max = 256;              // Commands of one transaction.
inline constexpr std::size_t page_rows_max = 1000;                  // Rows of one page of a list.

}  // namespace redress::limits
