// A disk that fails on command: a layer over SQLite's own file system, the default of this test program.
#pragma once

namespace redress::tests {

enum class DiskCall { sync, write };

// From now on the n-th such call (from 1) answers `sqlite_code`; every later one too where `forever`. n = 0: the disk is whole.
// `keep_effect`: the failing call does its work all the same, as a disk may whose answer was lost.
struct DiskFault {
  DiskCall call = DiskCall::sync;
  int n = 0;
  int sqlite_code = 0;
  bool forever = false;
  bool keep_effect = false;
};
void set_disk_fault(const DiskFault& fault);
[[nodiscard]] bool disk_fault_was_met();

}  // namespace redress::tests
