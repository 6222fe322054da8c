// A bounded reader of ELF64: every offset and count of the file is checked against the file's size before it is used.
#include "plugin/elf_section.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <optional>
#include <system_error>
#include <type_traits>
#include <vector>

namespace redress::plugin {
namespace {

constexpr std::size_t headers_max = 4096;             // Section or program headers of one file.
constexpr std::size_t names_bytes_max = 1024 * 1024;  // Of the section names.

#if defined(__x86_64__)
constexpr Elf64_Half machine_of_host = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half machine_of_host = EM_AARCH64;
#else
#error "Name this machine's e_machine here."
#endif

class File {
 public:
  explicit File(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] bool is_regular() {
    struct stat status {};
    if (::fstat(fd_, &status) != 0 || !S_ISREG(status.st_mode)) return false;
    size_ = static_cast<std::uint64_t>(status.st_size);
    return true;
  }
  [[nodiscard]] bool holds(std::uint64_t offset, std::uint64_t bytes) const {
    return offset <= size_ && bytes <= size_ - offset;
  }
  [[nodiscard]] bool read(std::uint64_t offset, void* into, std::size_t bytes) const {
    if (!holds(offset, bytes)) return false;
    auto* at = static_cast<char*>(into);
    while (bytes > 0) {
      const ssize_t taken = ::pread(fd_, at, bytes, static_cast<off_t>(offset));
      if (taken < 0 && errno == EINTR) continue;
      if (taken <= 0) return false;
      at += taken;
      offset += static_cast<std::uint64_t>(taken);
      bytes -= static_cast<std::size_t>(taken);
    }
    return true;
  }

 private:
  int fd_;
  std::uint64_t size_ = 0;
};

// `count` headers from `offset`; nothing where the file does not hold them.
template <class Header>
std::optional<std::vector<Header>> read_headers(const File& file, std::uint64_t offset, std::size_t count) {
  static_assert(std::is_trivially_copyable_v<Header>);
  if (count > headers_max || !file.holds(offset, count * sizeof(Header))) return std::nullopt;
  std::vector<Header> headers(count);
  if (count > 0 && !file.read(offset, headers.data(), count * sizeof(Header))) return std::nullopt;
  return headers;
}

// Why the header is not one of a shared library for this machine; empty: it is.
std::string foreign(const Elf64_Ehdr& header) {
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return "is no ELF file";
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB) return "is not 64-bit, little-endian";
  if (header.e_machine != machine_of_host) {
    return "is for machine " + std::to_string(header.e_machine) + ", but this host is " + std::to_string(machine_of_host);
  }
  if (header.e_type != ET_DYN) return "is an ELF file, but no shared library";
  if (header.e_shentsize != sizeof(Elf64_Shdr) || header.e_phentsize != sizeof(Elf64_Phdr)) {
    return "has headers of a foreign size";
  }
  return {};
}

// The loader maps what the segments say; a file that ends before would be a fault when it is touched.
bool holds_segments(const File& file, const Elf64_Ehdr& header) {
  const auto segments = read_headers<Elf64_Phdr>(file, header.e_phoff, header.e_phnum);
  if (!segments) return false;
  for (const Elf64_Phdr& segment : *segments) {
    if (segment.p_type == PT_LOAD && !file.holds(segment.p_offset, segment.p_filesz)) return false;
  }
  return true;
}

bool is_named(const Elf64_Shdr& section, const std::string& names, std::string_view name) {
  if (section.sh_name >= names.size()) return false;
  const std::string_view rest = std::string_view(names).substr(section.sh_name);
  return rest.substr(0, rest.find('\0')) == name;
}

Result<std::string> read_section(const File& file, const Elf64_Shdr& section, std::size_t bytes_max) {
  if (section.sh_type != SHT_PROGBITS || (section.sh_flags & SHF_COMPRESSED) != 0) {
    return {Code::invalid, "is compressed or holds no bytes"};
  }
  if (section.sh_size > bytes_max) {
    return {Code::invalid,
            "has " + std::to_string(section.sh_size) + " bytes; at most " + std::to_string(bytes_max) + " are taken"};
  }
  std::string bytes(static_cast<std::size_t>(section.sh_size), '\0');
  if (!file.read(section.sh_offset, bytes.data(), bytes.size())) return {Code::invalid, "reaches past the end of the file"};
  const std::size_t last = bytes.find_last_not_of('\0');
  bytes.resize(last == std::string::npos ? 0 : last + 1);
  return bytes;
}

// The one section of that name; an error where there are none or two, or the tables do not hold together.
Result<Elf64_Shdr> find_section(const File& file, const Elf64_Ehdr& header, std::string_view name) {
  const auto sections = read_headers<Elf64_Shdr>(file, header.e_shoff, header.e_shnum);
  if (!sections || header.e_shstrndx >= sections->size()) {
    return {Code::invalid, "has section headers that reach past its end, or too many; it is cut off or was stripped of them"};
  }
  const Elf64_Shdr& names_section = (*sections)[header.e_shstrndx];
  if (names_section.sh_size > names_bytes_max || !file.holds(names_section.sh_offset, names_section.sh_size)) {
    return {Code::invalid, "has section names that reach past its end; it is cut off"};
  }
  std::string text(static_cast<std::size_t>(names_section.sh_size), '\0');
  if (!file.read(names_section.sh_offset, text.data(), text.size())) return {Code::invalid, "has no readable section names"};
  std::optional<Elf64_Shdr> found;
  for (const Elf64_Shdr& section : *sections) {
    if (!is_named(section, text, name)) continue;
    if (found) return {Code::invalid, "has the section " + std::string(name) + " twice; a plugin has one manifest"};
    found = section;
  }
  if (!found) return {Code::invalid, "has no section " + std::string(name) + "; a plugin has one, written by REDRESS_PLUGIN"};
  return *found;
}

}  // namespace

Result<std::string> read_elf_section(const std::string& path, std::string_view name, std::size_t bytes_max) {
  const auto refuse = [&](const std::string& why) { return Error{Code::invalid, "plugin " + path + ' ' + why}; };
  File file(path);
  if (!file.is_open()) return refuse("cannot be read: " + std::generic_category().message(errno));
  if (!file.is_regular()) return refuse("is no regular file");
  Elf64_Ehdr header{};
  if (!file.read(0, &header, sizeof(header))) return refuse("is no ELF file: it is shorter than an ELF header");
  if (const std::string why = foreign(header); !why.empty()) return refuse(why);
  if (!holds_segments(file, header)) return refuse("has segments that reach past its end; it is cut off");
  const Result<Elf64_Shdr> section = find_section(file, header, name);
  if (!section) return refuse(section.error().message);
  Result<std::string> bytes = read_section(file, *section, bytes_max);
  if (!bytes) return refuse("has a section " + std::string(name) + " that " + bytes.error().message);
  return bytes;
}

}  // namespace redress::plugin
