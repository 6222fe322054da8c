// The reader of ELF sections, against files that lie.
#include "plugin/elf_section.hpp"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "redress/plugin.h"

namespace redress::plugin {
namespace {

using testing::HasSubstr;

std::string good_file() {
  std::ifstream file(std::string(HOSTILE_FOLDER) + "/good.so", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Result<std::string> read_bytes(const std::string& bytes) {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  const std::string path = testing::TempDir() + "redress_" + info->name() + ".so";
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  auto text = read_elf_section(path, REDRESS_MANIFEST_SECTION, 64 * 1024);
  std::filesystem::remove(path);
  return text;
}

Elf64_Ehdr header_of(const std::string& bytes) {
  Elf64_Ehdr header{};
  std::memcpy(&header, bytes.data(), sizeof(header));
  return header;
}

std::string with_header(std::string bytes, const Elf64_Ehdr& header) {
  std::memcpy(bytes.data(), &header, sizeof(header));
  return bytes;
}

TEST(ElfSection, IsReadWithoutTheZeroAtItsEnd) {
  const auto text = read_bytes(good_file());
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_EQ(text->front(), '{');
  EXPECT_EQ(text->back(), '}');
}

TEST(ElfSection, IsRefusedWhereItIsLongerThanTheBound) {
  const auto text = read_elf_section(std::string(HOSTILE_FOLDER) + "/good.so", REDRESS_MANIFEST_SECTION, 10);
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().message, HasSubstr("at most 10 are taken"));
}

TEST(ElfSection, IsRefusedWhereTheFileIsNone) {
  EXPECT_THAT(read_bytes("").error().message, HasSubstr("is no ELF file"));
  EXPECT_THAT(read_bytes(std::string(4096, 'x')).error().message, HasSubstr("is no ELF file"));
  EXPECT_THAT(read_elf_section("/tmp", "x", 10).error().message, HasSubstr("is no regular file"));
  EXPECT_THAT(read_elf_section("/dev/zero", "x", 10).error().message, HasSubstr("is no regular file"));
}

TEST(ElfSection, IsRefusedWhereTheFileIsForAnotherMachine) {
  Elf64_Ehdr header = header_of(good_file());
  header.e_machine = EM_S390;
  EXPECT_THAT(read_bytes(with_header(good_file(), header)).error().message, HasSubstr("is for machine 22, but this host is"));
  header = header_of(good_file());
  header.e_ident[EI_CLASS] = ELFCLASS32;
  EXPECT_THAT(read_bytes(with_header(good_file(), header)).error().message, HasSubstr("is not 64-bit"));
  header = header_of(good_file());
  header.e_type = ET_REL;
  EXPECT_THAT(read_bytes(with_header(good_file(), header)).error().message, HasSubstr("no shared library"));
}

TEST(ElfSection, IsRefusedAtEveryLengthOfACutFile) {
  const std::string whole = good_file();
  const std::size_t step = whole.size() / 200 + 1;
  for (std::size_t length = 0; length < whole.size(); length += step) {
    EXPECT_FALSE(read_bytes(whole.substr(0, length))) << length << " of " << whole.size() << " bytes";
  }
}

TEST(ElfSection, IsRefusedWhereOffsetsPointFarAway) {
  for (const std::uint64_t offset : {UINT64_MAX, UINT64_MAX - 63, std::uint64_t{1} << 62}) {
    Elf64_Ehdr header = header_of(good_file());
    header.e_shoff = offset;
    EXPECT_FALSE(read_bytes(with_header(good_file(), header)));
    header = header_of(good_file());
    header.e_phoff = offset;
    EXPECT_FALSE(read_bytes(with_header(good_file(), header)));
  }
  Elf64_Ehdr header = header_of(good_file());
  header.e_shstrndx = 0xfff0;
  EXPECT_FALSE(read_bytes(with_header(good_file(), header)));
}

TEST(ElfSection, NeverReadsOutsideAFileOfRandomDamage) {
  const std::string whole = good_file();
  const std::size_t tables = static_cast<std::size_t>(header_of(whole).e_shoff);
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    std::string bytes = whole;
    for (int hit = 0; hit < 4; ++hit) {
      const bool in_header = random() % 4 == 0;
      const std::size_t at = in_header ? random() % sizeof(Elf64_Ehdr) : tables + random() % (bytes.size() - tables);
      bytes[at] = static_cast<char>(random());
    }
    const auto text = read_bytes(bytes);  // Whatever it answers, the sanitizers of the test build are silent.
    EXPECT_LE(text ? text->size() : 0, 64U * 1024U);
  }
}

}  // namespace
}  // namespace redress::plugin
