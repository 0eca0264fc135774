// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stop_token>

#include "data/formats/common/format.h"

namespace ecumene::data::formats {

/// Walls around the process that parses a user's file. A larger file may take longer.
struct ImportLimits {
  std::uint64_t memoryBytes = std::uint64_t{3} << 30U;  ///< address space; not applied under AddressSanitizer
  std::uint64_t fileBytes = std::uint64_t{16} << 30U;   ///< largest file that is opened
  /// Largest part that is taken from the child; of small files 64 MiB and resultBytesPerByte for each of their bytes.
  std::uint64_t resultBytes = std::uint64_t{1} << 30U;
  /// All parts together may have this for each byte of the file, and one more part.
  std::uint64_t resultBytesPerByte = 64;
  /// Of the child, and what each GiB of the file adds; the kernel ends it 2 s later at the latest.
  std::uint64_t cpuSeconds = 60, cpuSecondsPerGiB = 240;
  /// Without the time that its parts are being taken.
  std::chrono::milliseconds wallTime{300000}, wallTimePerGiB{600000};
};

/// What stands in the way of an import is the machine or a limit of the user's shell, not the file.
class Hindered : public Error {
 public:
  enum class What { kEveryFile, kThisFile };
  Hindered(const Error& error, What what) : Error(error), what_(what) {}
  /// Whether no file can be imported, and not this one alone.
  [[nodiscard]] bool everyFile() const { return what_ == What::kEveryFile; }

 private:
  What what_;
};

/// The word after the program's name that makes it the child: `<program> import-child ...`.
inline constexpr const char* kImportChildWord = "import-child";

/// Reads one file in a fresh process of `program`, which must call importChildMain for the word above (with
/// /proc/self/exe, that is the calling program), and gives its parts as they come. The child reads the file and what
/// its formats declare beside it (filesToRead) and nothing else; it may write no file, start no program and open no
/// connection (import_walls.h). What it sends back is checked before it is believed. Throws the child's own Error if it
/// refused the file; an Error "damaged or hostile", with what was going on and the limit that was hit, if the child
/// died, ran out of time or memory, or sent nonsense: parts that it gave before are then not to be kept; Hindered if no
/// child can be started, or it ended under a limit of the shell that is tighter than the import's; Error
/// kCancelled if `stop` was requested, after the child is gone. `take` is called in this thread, between two reads of
/// the pipe; what it throws ends the child and is thrown here. Call from any thread, several at a time.
void importPartsInChild(const std::filesystem::path& program, const std::filesystem::path& path,
                        const ImportOptions& options, const TakePart& take, const ImportLimits& limits = {},
                        std::stop_token stop = {});

/// The same of a file that is to give one part, as importFile has it.
planet::Import runImportChild(const std::filesystem::path& program, const std::filesystem::path& path,
                              const ImportOptions& options, const ImportLimits& limits = {}, std::stop_token stop = {});

/// Whether these are the words of a child that runImportChild started.
bool isImportChild(int argc, char** argv);

/// Body of the child process: ends it. Returns a status for main only if the words were not runImportChild's.
int importChildMain(int argc, char** argv);

}  // namespace ecumene::data::formats
