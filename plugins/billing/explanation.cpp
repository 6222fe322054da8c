// The sentences, by what was found.
#include "billing/explanation.hpp"

namespace redress::billing {
namespace {

Explanation nothing_open(const ChargeCheck& check) {
  if (check.in_transit_minor > 0)
    return {"the refund for this is on its way, and your bank has not confirmed it yet.",
            "el reembolso ya va en camino y tu banco todavía no lo ha confirmado."};
  if (check.refunded_minor > 0)
    return {"what you paid too much has already been refunded.", "lo que pagaste de más ya te fue devuelto."};
  return {"your charges match your plan, so there is nothing to correct.",
          "tus cargos coinciden con tu plan, así que no hay nada que corregir."};
}

Explanation what_is_wrong(const ChargeCheck& check) {
  if (check.duplicates > 0 && check.wrong > 0)
    return {"some of your charges were repeated or above your plan's price.",
            "algunos de tus cargos se repitieron o superaron el precio de tu plan."};
  if (check.duplicates > 0)
    return check.duplicates == 1
               ? Explanation{"one of your charges was made twice.", "uno de tus cargos se hizo dos veces."}
               : Explanation{"some of your charges were made twice.", "algunos de tus cargos se hicieron dos veces."};
  return check.wrong == 1
             ? Explanation{"one of your charges was above your plan's price.", "uno de tus cargos superó el precio de tu plan."}
             : Explanation{"some of your charges were above your plan's price.",
                           "algunos de tus cargos superaron el precio de tu plan."};
}

}  // namespace

Explanation explain(const ChargeCheck& check) {
  if (check.overcharged_minor == 0) return nothing_open(check);
  Explanation explanation = what_is_wrong(check);
  if (check.refunded_minor > 0) {
    explanation.en += " A part of it has already been refunded.";
    explanation.es += " Una parte ya te fue devuelta.";
  }
  return explanation;
}

}  // namespace redress::billing
