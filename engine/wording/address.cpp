// Word lists. With accents, since "té" is tea and "te" is you.
#include "wording/address.hpp"

#include <algorithm>
#include <array>

namespace redress::wording {
namespace {

// Pronouns; second persons of verbs that companies use and that are no other word; imperatives with "nos" or "me".
constexpr std::array<std::string_view, 58> tu{
    "tú",        "tu",         "tus",        "te",         "ti",          "contigo",    "tuyo",      "tuya",     "tuyos",
    "tuyas",     "eres",       "estás",      "tienes",     "puedes",      "quieres",    "debes",     "necesitas", "sabes",
    "hiciste",   "pagaste",    "escribiste", "recibiste",  "recibirás",   "podrás",     "tendrás",   "verás",    "escríbenos",
    "escríbeme", "cuéntanos",  "cuéntame",   "envíanos",   "mándanos",    "dinos",      "dime",      "llámanos", "indícanos",
    "confírmanos", "avísanos", "contáctanos", "visítanos", "síguenos",    "ayúdanos",   "permítenos", "discúlpanos",
    "perdónanos", "compártenos", "facilítanos", "respóndenos", "consúltanos", "revísalo", "quédate",
    "podrías",   "querrías",   "deberías",   "tendrías",   "prefieres",   "encuentras", "recuerdas"};
constexpr std::array<std::string_view, 27> usted{
    "usted",       "ustedes",    "ud",          "uds",        "vd",          "vds",       "escríbanos", "cuéntenos", "envíenos",
    "mándenos",    "díganos",    "llámenos",    "indíquenos", "confírmenos", "avísenos",  "contáctenos", "visítenos", "síganos",
    "ayúdenos",    "permítanos", "discúlpenos", "perdónenos", "compártanos", "facilítenos", "respóndanos", "consúltenos", "dígame"};

}  // namespace

bool marks(Address address, std::string_view word) {
  return address == Address::tu ? std::ranges::find(tu, word) != tu.end() : std::ranges::find(usted, word) != usted.end();
}

}  // namespace redress::wording
