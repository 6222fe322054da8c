// The layer is registered before the first test opens a file; without a fault it only passes calls on.
#include "store/faulty_vfs.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace redress::tests {
namespace {

DiskFault fault;
int calls = 0;
bool met = false;

struct LayerFile {
  sqlite3_file base;
  sqlite3_file* real;
};

sqlite3_vfs* real_vfs = nullptr;
sqlite3_vfs layer_vfs;
sqlite3_io_methods layer_methods;

sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<LayerFile*>(file)->real; }

bool fails(DiskCall call) {
  if (fault.n == 0 || call != fault.call) return false;
  ++calls;
  const bool now = calls == fault.n || (fault.forever && calls > fault.n);
  met = met || now;
  return now;
}

int close(sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); }
int read(sqlite3_file* f, void* to, int n, sqlite3_int64 at) { return real(f)->pMethods->xRead(real(f), to, n, at); }
int write(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
  const bool failing = fails(DiskCall::write);
  const int done = failing && !fault.keep_effect ? SQLITE_OK : real(f)->pMethods->xWrite(real(f), from, n, at);
  return failing ? fault.sqlite_code : done;
}
int truncate(sqlite3_file* f, sqlite3_int64 n) { return real(f)->pMethods->xTruncate(real(f), n); }
int sync(sqlite3_file* f, int flags) {
  return fails(DiskCall::sync) ? fault.sqlite_code : real(f)->pMethods->xSync(real(f), flags);
}
int file_size(sqlite3_file* f, sqlite3_int64* n) { return real(f)->pMethods->xFileSize(real(f), n); }
int lock(sqlite3_file* f, int l) { return real(f)->pMethods->xLock(real(f), l); }
int unlock(sqlite3_file* f, int l) { return real(f)->pMethods->xUnlock(real(f), l); }
int check_lock(sqlite3_file* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); }
int control(sqlite3_file* f, int op, void* arg) { return real(f)->pMethods->xFileControl(real(f), op, arg); }
int sector_size(sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); }
int traits(sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }
int shm_map(sqlite3_file* f, int page, int n, int extend, void volatile** out) {
  return real(f)->pMethods->xShmMap(real(f), page, n, extend, out);
}
int shm_lock(sqlite3_file* f, int offset, int n, int flags) { return real(f)->pMethods->xShmLock(real(f), offset, n, flags); }
void shm_barrier(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
int shm_unmap(sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); }

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
  auto* mine = reinterpret_cast<LayerFile*>(file);
  mine->real = reinterpret_cast<sqlite3_file*>(mine + 1);
  const int done = real_vfs->xOpen(real_vfs, name, mine->real, flags, out);
  mine->base.pMethods = mine->real->pMethods != nullptr ? &layer_methods : nullptr;
  return done;
}

// Version 2: without xFetch, since nothing is mapped.
class Layer : public testing::Environment {
 public:
  void SetUp() override {
    real_vfs = sqlite3_vfs_find(nullptr);
    layer_methods = {2,       close,       read,   write,   truncate, sync,        file_size, lock,    unlock, check_lock,
                     control, sector_size, traits, shm_map, shm_lock, shm_barrier, shm_unmap, nullptr, nullptr};
    layer_vfs = *real_vfs;
    layer_vfs.zName = "faulty";
    layer_vfs.szOsFile = static_cast<int>(sizeof(LayerFile)) + real_vfs->szOsFile;
    layer_vfs.xOpen = open;
    sqlite3_vfs_register(&layer_vfs, 1);
  }
};
[[maybe_unused]] const auto* const layer = testing::AddGlobalTestEnvironment(new Layer);

}  // namespace

void set_disk_fault(const DiskFault& next) {
  fault = next;
  calls = 0;
  met = false;
}

bool disk_fault_was_met() { return met; }

}  // namespace redress::tests
