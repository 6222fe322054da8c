// The department billing: finds accounts, checks charges, refunds what was charged too much, and takes a refund back.
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "billing/explanation.hpp"
#include "billing/ledger.hpp"
#include "billing/seed.hpp"
#include "books/answer.hpp"
#include "redress/plugin.hpp"

namespace redress::billing {
namespace {

using books::cannot_do;
using books::cannot_tell;
using books::integer_of;
using books::object_of;
using books::text_of;
using plugin::Call;
using plugin::Outcome;
using Json = nlohmann::ordered_json;

Outcome wrong_input(const Call& call, const char* needs) {
  return Outcome::declined("the input of " + std::string(call.action) + " needs " + needs);
}

std::string evidence_of(const Refund& refund) {
  return Json{{"amount_minor", refund.amount_minor}, {"currency", refund.currency}, {"receipt", refund.receipt}}.dump();
}

std::string evidence_of(const Reversal& reversal) {
  return Json{{"reversal", reversal.reversal},
              {"receipt", reversal.receipt},
              {"amount_minor", reversal.amount_minor},
              {"currency", reversal.currency}}
      .dump();
}

// What a refund's present state means to who asked for it.
Outcome outcome_of(const Refund& refund) {
  switch (refund.state) {
    case RefundState::paid:
      return Outcome::done(evidence_of(refund));
    case RefundState::returned:
      return Outcome::declined("the bank did not pay refund " + refund.receipt + ", or it came back");
    case RefundState::reversed:
      return Outcome::declined("refund " + refund.receipt + " was taken back");
    case RefundState::sent:
      break;
  }
  return Outcome::unknown("the bank has not confirmed refund " + refund.receipt + "; look at the bank statement, then decide");
}

std::optional<RefundRequest> request_of(const Call& call, std::int64_t authority_minor) {
  const auto input = object_of(call.input);
  const auto account = text_of(input, "account");
  const auto amount = integer_of(input, "amount_minor");
  const auto currency = text_of(input, "currency");
  if (!account || !amount || !currency) return std::nullopt;
  return RefundRequest{std::string(call.key), *account, *amount, *currency, call.now_ms, authority_minor, {}};
}

}  // namespace

class Billing : public plugin::Department {
 public:
  Billing(plugin::Host& host, std::string_view config_json);

  Outcome perform(const Call& call) override {
    if (call.action == "find_account") return find_account(call);
    if (call.action == "check_charge") return check_charge(call);
    if (call.action == "refund") return refund(call);
    if (call.action == "reverse_refund") return reverse(std::string(call.key), text_of(object_of(call.input), "receipt"), call);
    return Outcome::declined("billing has no action " + std::string(call.action));
  }
  Outcome reconcile(const Call& call) override;
  Outcome undo(const Call& call) override {
    return reverse(std::string(call.key), text_of(object_of(call.evidence), "receipt"), call);
  }
  Outcome record(const Call& call) override;

 private:
  Outcome find_account(const Call& call);
  Outcome check_charge(const Call& call);
  Outcome refund(const Call& call);
  Outcome reverse(const std::string& key, const std::optional<std::string>& receipt, const Call& call);
  struct HandMade {
    std::string receipt;
    std::int64_t amount_minor;
    std::string currency;
  };
  Outcome confirm(const Refund& known, const HandMade& made, const Call& call);
  Outcome record_by_hand(const std::string& key, const HandMade& made, const Call& call);

  std::unique_ptr<Ledger> ledger_;
  std::int64_t authority_minor_ = 0;
};

Billing::Billing(plugin::Host& host, std::string_view config_json) {
  const auto config = object_of(config_json);
  const auto database = text_of(config, "database");
  const auto authority = integer_of(config, "refund_authority_minor");
  if (!database || !authority || *authority < 0)
    throw std::runtime_error(R"(billing's configuration needs "database", a path, and "refund_authority_minor", 0 or more)");
  authority_minor_ = *authority;
  auto ledger = Ledger::open(*database);
  if (!ledger) throw std::runtime_error(ledger.error().message);
  ledger_ = std::move(*ledger);
  const auto path = text_of(config, "seed");
  if (!path) return;
  const auto seed = read_seed(*path);
  if (!seed) throw std::runtime_error(seed.error().message);
  if (auto imported = ledger_->import_when_empty(seed->accounts, seed->charges); !imported)
    throw std::runtime_error("the seed file " + *path + " was not imported: " + imported.error().message);
  host.log_info("billing is open");
}

Outcome Billing::find_account(const Call& call) {
  const auto input = object_of(call.input);
  const auto handle = text_of(input, "handle");
  if (!handle) return wrong_input(call, "the text \"handle\"");
  const auto account = ledger_->find_account(*handle, text_of(input, "channel").value_or(""));
  if (!account) return cannot_do(account.error(), call);
  return Outcome::done(Json{{"account", *account}}.dump());
}

Outcome Billing::check_charge(const Call& call) {
  const auto account = text_of(object_of(call.input), "account");
  if (!account) return wrong_input(call, "the text \"account\"");
  const auto found = ledger_->check_charge(*account);
  if (!found) return cannot_do(found.error(), call);
  const Explanation explanation = explain(*found);
  return Outcome::done(Json{
      {"overcharged_minor", found->overcharged_minor},
      {"currency", found->currency},
      {"explanation", {{"en", explanation.en}, {"es", explanation.es}}},
      {"charges",
       found->charges}}.dump());
}

Outcome Billing::refund(const Call& call) {
  const auto request = request_of(call, authority_minor_);
  if (!request) return wrong_input(call, R"("account", "amount_minor" and "currency")");
  const auto refund = ledger_->refund(*request);
  return refund ? outcome_of(*refund) : cannot_do(refund.error(), call);
}

Outcome Billing::reverse(const std::string& key, const std::optional<std::string>& receipt, const Call& call) {
  if (!receipt) return Outcome::declined("to take a refund back, its \"receipt\" is needed");
  const auto reversal = ledger_->reverse_refund(key, *receipt, call.now_ms);
  return reversal ? Outcome::done(evidence_of(*reversal)) : cannot_do(reversal.error(), call);
}

Outcome Billing::reconcile(const Call& call) {
  const std::string key(call.key);
  if (call.action == "find_account" || call.action == "check_charge") return Outcome::retry("it only reads: nothing happened");
  if (call.action == "reverse_refund") {
    const auto reversal = ledger_->find_reversal(key);
    if (!reversal) return cannot_tell(reversal.error());
    return *reversal ? Outcome::done(evidence_of(**reversal))
                     : Outcome::retry("nothing happened: the books do not have this key");
  }
  const auto refund = ledger_->find_refund(key);
  if (!refund) return cannot_tell(refund.error());
  return *refund ? outcome_of(**refund) : Outcome::retry("nothing happened: the books do not have this key");
}

// A person decided: evidence with a receipt says that the money moved, evidence without one that it did not.
Outcome Billing::record(const Call& call) {
  const auto evidence = object_of(call.evidence);
  const auto receipt = text_of(evidence, "receipt");
  if (call.action == "reverse_refund") return reverse(books::key_with(call.key, "undo"), receipt, call);
  if (call.action != "refund") return Outcome::declined("billing keeps no book of decisions on " + std::string(call.action));
  const std::string key = books::key_with(call.key, "perform");
  const auto known = ledger_->find_refund(key);
  if (!known) return cannot_tell(known.error());
  if (!receipt) {
    if (!*known) return Outcome::done("{}");  // The books do not have it either.
    const auto refund = ledger_->settle(key, false);
    return refund ? Outcome::done(evidence_of(*refund)) : cannot_do(refund.error(), call);
  }
  const auto amount = integer_of(evidence, "amount_minor");
  const auto currency = text_of(evidence, "currency");
  if (!amount || !currency) return Outcome::declined(R"(to record a refund, its "amount_minor" and "currency" are needed)");
  const HandMade made{*receipt, *amount, *currency};
  return *known ? confirm(**known, made, call) : record_by_hand(key, made, call);
}

// What the decision says must be what the books say: a reply may cite either.
Outcome Billing::confirm(const Refund& known, const HandMade& made, const Call& call) {
  if (known.receipt != made.receipt)
    return Outcome::declined("the books have this refund under receipt " + known.receipt + ", the decision says " +
                             made.receipt);
  if (known.amount_minor != made.amount_minor || known.currency != made.currency)
    return Outcome::declined("refund " + known.receipt + " is of " + std::to_string(known.amount_minor) + " minor units of " +
                             known.currency + ", the decision says " + std::to_string(made.amount_minor) + " of " +
                             made.currency);
  const auto refund = ledger_->settle(known.key, true);
  return refund ? Outcome::done(evidence_of(*refund)) : cannot_do(refund.error(), call);
}

// The books do not have the key: a person paid by hand, with an authority of their own.
Outcome Billing::record_by_hand(const std::string& key, const HandMade& made, const Call& call) {
  const auto account = text_of(object_of(call.input), "account");
  if (!account) return wrong_input(call, "the text \"account\"");
  const auto refund = ledger_->refund(
      {key, *account, made.amount_minor, made.currency, call.now_ms, std::numeric_limits<std::int64_t>::max(), made.receipt});
  return refund ? outcome_of(*refund) : cannot_do(refund.error(), call);
}

}  // namespace redress::billing

REDRESS_PLUGIN(redress::billing::Billing, R"json({
  "id": "org.redress.billing", "version": "1.0.0", "abi": 1, "department": "billing",
  "title": "Billing: accounts, charges and refunds",
  "needs": { "files": true },
  "config": {
    "type": "object", "required": ["database", "refund_authority_minor"], "additionalProperties": false,
    "properties": {
      "database": { "type": "string", "minLength": 1 },
      "seed": { "type": "string", "minLength": 1 },
      "refund_authority_minor": { "type": "integer", "minimum": 0 }
    }
  },
  "actions": {
    "find_account": {
      "title": "Find the account of a handle",
      "input": {
        "type": "object", "required": ["handle"], "additionalProperties": false,
        "properties": { "handle": { "type": "string", "maxLength": 128 }, "channel": { "type": "string", "maxLength": 128 } }
      },
      "evidence": {
        "type": "object", "required": ["account"], "additionalProperties": false,
        "properties": { "account": { "type": "string", "minLength": 1, "maxLength": 20, "private": true } }
      },
      "dedupes": true, "reconciles": true
    },
    "check_charge": {
      "title": "Find repeated and wrong charges, less what was refunded",
      "input": {
        "type": "object", "required": ["account"], "additionalProperties": false,
        "properties": { "account": { "type": "string", "maxLength": 20, "private": true } }
      },
      "evidence": {
        "type": "object", "additionalProperties": false,
        "required": ["overcharged_minor", "currency", "explanation", "charges"],
        "properties": {
          "overcharged_minor": { "type": "integer", "minimum": 0 },
          "currency": { "type": "string", "minLength": 3, "maxLength": 3 },
          "explanation": {
            "type": "object", "localized": true, "public_text": true, "maxLength": 120,
            "required": ["en", "es"], "additionalProperties": false,
            "properties": {
              "en": { "type": "string", "minLength": 1, "maxLength": 120, "pattern": "^[ -ÿ]+$" },
              "es": { "type": "string", "minLength": 1, "maxLength": 120, "pattern": "^[ -ÿ]+$" }
            }
          },
          "charges": { "type": "array", "private": true, "items": { "type": "string", "maxLength": 64 } }
        }
      },
      "dedupes": true, "reconciles": true
    },
    "refund": {
      "title": "Give back what was charged too much",
      "input": {
        "type": "object", "required": ["account", "amount_minor", "currency"], "additionalProperties": false,
        "properties": {
          "account": { "type": "string", "maxLength": 20, "private": true },
          "amount_minor": { "type": "integer", "minimum": 1 },
          "currency": { "type": "string", "minLength": 3, "maxLength": 3 }
        }
      },
      "evidence": {
        "type": "object", "required": ["amount_minor", "currency", "receipt"], "additionalProperties": false,
        "properties": {
          "amount_minor": { "type": "integer", "minimum": 1, "same_as_input": true },
          "currency": { "type": "string", "minLength": 3, "maxLength": 3, "same_as_input": true },
          "receipt": { "type": "string", "pattern": "^[A-Z0-9-]+$", "maxLength": 20 }
        }
      },
      "dedupes": true, "reconciles": true, "revocable": true, "undo": "reverse_refund", "records_decisions": true
    },
    "reverse_refund": {
      "title": "Take a refund back",
      "input": {
        "type": "object", "required": ["receipt"], "additionalProperties": false,
        "properties": { "receipt": { "type": "string", "maxLength": 20 } }
      },
      "evidence": {
        "type": "object", "required": ["reversal", "receipt", "amount_minor", "currency"], "additionalProperties": false,
        "properties": {
          "reversal": { "type": "string", "minLength": 1, "maxLength": 20 },
          "receipt": { "type": "string", "pattern": "^[A-Z0-9-]+$", "maxLength": 20 },
          "amount_minor": { "type": "integer", "minimum": 1 },
          "currency": { "type": "string", "minLength": 3, "maxLength": 3 }
        }
      },
      "dedupes": true, "reconciles": true, "records_decisions": true
    }
  }
})json")
