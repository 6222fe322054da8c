// Relevance is what can still matter from a standing on: what no path from here reads need not be told apart.
#pragma once
#include <vector>

#include "proof/reaction.hpp"

namespace redress::proof {

class Relevance {
 public:
  Relevance(const workflow::Workflow& workflow, const Reactions& reactions);

  // Forgets how work ended that nothing will ask about again, which of several ends it was where nothing will tell them apart,
  // and data that nothing will read.
  void forget(Standing& standing) const;

 private:
  // How a commitment is read.
  enum Use : char { never, by_guards, otherwise };
  struct Uses {
    std::vector<char> commitments, fields;
    void add(const Uses& other);
  };
  [[nodiscard]] Uses nothing() const;
  [[nodiscard]] Uses of(const std::vector<workflow::Action>& actions) const;
  [[nodiscard]] Uses of_being_in(int state) const;
  void add(Uses& uses, const std::vector<workflow::Action>& actions) const;
  void add(Uses& uses, const workflow::Action& action) const;
  void add(Uses& uses, const workflow::ReplySpec& reply) const;
  void add(Uses& uses, const std::vector<workflow::Transition>& transitions) const;
  void add(Uses& uses, const void* expression, Use use = otherwise) const;
  void learn_ends();

  const workflow::Workflow& workflow_;
  const Reactions& reactions_;
  std::vector<Uses> from_;                     // By state: of all states that it leads to, itself among them.
  std::vector<std::vector<Situations>> ends_;  // Of each commitment: those that no guard tells apart, together.
  Uses always_;                                // What is asked wherever a case stands.
};

}  // namespace redress::proof
