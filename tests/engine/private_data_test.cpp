// What may not stand in a public text, and what only looks like it. Each text comes as a person's own words.
#include "engine/house.hpp"

namespace redress::house {
namespace {

using testing::HasSubstr;

struct Words {
  const char* text;
  const char* why = "";  // Empty: they may go out.
  const char* handle = "ana";
  friend void PrintTo(const Words& words, std::ostream* out) { *out << words.text; }
};

Result<std::int64_t> say(const Words& words) {
  House house;
  house.post("P1", "they charged me twice", words.handle);
  return house.engine->say("C-000001", {.text = words.text}, as("lea"));
}

class PrivateData : public testing::TestWithParam<Words> {};

TEST_P(PrivateData, IsNotSaidInPublic) {
  const auto said = say(GetParam());
  ASSERT_FALSE(said);
  EXPECT_EQ(said.error().code, Code::invalid);
  EXPECT_THAT(said.error().message, HasSubstr(GetParam().why));
}

constexpr const char *card = "card number", *number = "phone or account number", *mail = "mail address";

INSTANTIATE_TEST_SUITE_P(Card, PrivateData,
                         testing::Values(Words{"4111111111111111", card}, Words{"4111 1111 1111 1111", card},
                                         Words{"4111-1111-1111-1111", card}, Words{"4111.1111.1111.1111", card},
                                         Words{"A4111111111111111", card}, Words{"PED4111111111111111", card},
                                         Words{"4111\u00a01111\u00a01111\u00a01111", card},
                                         Words{"order 4111111111111111", card}, Words{"\uff14111 1111 1111 1111", card}));
INSTANTIATE_TEST_SUITE_P(Account, PrivateData,
                         testing::Values(Words{"ES9121000418450200051332", "bank account"},
                                         Words{"21000418450200051332", number}, Words{"ES91 2100 0418 4502 0005 1332", number},
                                         Words{"NL91ABNA0417164300", "bank account"}, Words{"NL91 ABNA 0417 1643 00", number},
                                         Words{"2100-0418-45-0200051332", number}));
INSTANTIATE_TEST_SUITE_P(
    Telephone, PrivateData,
    testing::Values(Words{"600123456", number}, Words{"+34 600 123 456", number}, Words{"(34) 600.123.456", number},
                    Words{"(+34)600123456", number}, Words{"+1 (555) 010-2345", number}, Words{"030/1234567", number},
                    Words{"06.12.34.56.78", number}, Words{"600 - 123 - 456", number}, Words{"600\u2013123\u2013456", number},
                    Words{"tel600123456", number}, Words{"TEL600123456", number}, Words{"MOV-600123456", number},
                    Words{"2026-03-02 600 123 456", number}, Words{"600 123 456 2026-03-02", number},
                    Words{"34-600-12-12-2012", number}, Words{"934 12.10.26", number}, Words{"order 600 123 456", number},
                    Words{"20 \u20ac 600 123 456", number}, Words{"https://example.com/?phone=600123456", number}));
INSTANTIATE_TEST_SUITE_P(Mail, PrivateData,
                         testing::Values(Words{"ana.r@example.com", mail}, Words{"Escribe a ana@example.com.", mail}));
INSTANTIATE_TEST_SUITE_P(BesideAHandle, PrivateData,
                         testing::Values(Words{"+34 600 123 456", number, "6"}, Words{"+34 600 123 456", number, "600"},
                                         Words{"600 123 456", number, "123"}, Words{"(34)600123456", number, "600123456"},
                                         Words{"y@example.com", mail, "y"}, Words{"ben@example.com", mail, "example"},
                                         Words{"ben@example.com", mail, "com"}));

class HarmlessText : public testing::TestWithParam<Words> {};

TEST_P(HarmlessText, GoesOut) {
  const auto said = say(GetParam());
  EXPECT_TRUE(said) << said.error().message;
}

INSTANTIATE_TEST_SUITE_P(Number, HarmlessText,
                         testing::Values(Words{"Case C-000001, work order WO-000001, notice N-1, receipt R-2NNOHLDC."},
                                         Words{"C-000017 2026"}, Words{"Receipt R-123456789."},
                                         Words{"Pedido 4500123456. Gracias."}, Words{"Your order #114-394168 is out."},
                                         Words{"pedido n\u00ba 1234567890"}, Words{"PED123456789"},
                                         Words{"Tracking RR123456789ES"}, Words{"Folio 123456. 789 personas la piden."},
                                         Words{"24/7/365"}, Words{"Ref. 2026-000123"}));
INSTANTIATE_TEST_SUITE_P(Instant, HarmlessText,
                         testing::Values(Words{"Since 2026-03-02 09:00 all works."}, Words{"2026-03-02T10:30:00Z"},
                                         Words{"2026-03-02 10.30"}, Words{"02/03/2026 10.30"}, Words{"02/03/26 10.30"},
                                         Words{"02/03/2026 - 05/03/2026"}, Words{"02/03/2026-05/03/2026"},
                                         Words{"2.3.2026 a 5.3.2026"}, Words{"Abrimos 9.30-14.00 / 16.30-20.00"},
                                         Words{"de 9.00 a 18.00"}, Words{"2 de marzo de 2026, 10:30"}, Words{"2025-2026"}));
INSTANTIATE_TEST_SUITE_P(Price, HarmlessText,
                         testing::Values(Words{"45,00 EUR"}, Words{"$1.234.567.890"}, Words{"1.250.000.000 COP"},
                                         Words{"\u20ac1,234,567.00"}, Words{"20 \u20ac 300 Mb"}, Words{"12.345.678,90 \u20ac"},
                                         Words{"COP 12345678.00"}, Words{"\u00a319.99/\u00a324.99/\u00a329.99"},
                                         Words{"19.99 / 24.99"}, Words{"300 Mb for 20 a month"}));
INSTANTIATE_TEST_SUITE_P(Link, HarmlessText,
                         testing::Values(Words{"https://ayuda.example.com/hc/es/articles/360012345678"},
                                         Words{"ayuda.example.com/a/360012345678"},
                                         Words{"https://x.com/redtel/status/1234567890123456789?s=20"},
                                         Words{"www.example.com/123456789"}, Words{"https://example.com/@redtel.help"},
                                         Words{"Open 192.168.100.1 in your browser."}));
INSTANTIATE_TEST_SUITE_P(AHandle, HarmlessText,
                         testing::Values(Words{"Hi 600123456, it is done.", "", "600123456"},
                                         Words{"@600123456 it is done.", "", "600123456"},
                                         Words{"https://ayuda.example.com is there.", "", "y"},
                                         Words{"Hola ana_1987654321.", "", "ana_1987654321"},
                                         Words{"@ana@mastodon.social, done.", "", "ana@mastodon.social"}));

}  // namespace
}  // namespace redress::house
