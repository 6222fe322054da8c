// What the whole graph of standings shows, and no single turn.
#pragma once
#include "proof/explore.hpp"

namespace redress::proof {

// Each adds its findings to the exploration.
void look_for_hearsay(const workflow::Workflow& workflow, Exploration& exploration);
void look_for_loops(const workflow::Workflow& workflow, Exploration& exploration);
void look_for_late_replies(const workflow::Workflow& workflow, Exploration& exploration);
void look_for_dead_ends(const workflow::Workflow& workflow, Exploration& exploration);
void look_for_missing_corrections(const workflow::Workflow& workflow, Exploration& exploration);

}  // namespace redress::proof
