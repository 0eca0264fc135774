// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/import_files.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <map>
#include <optional>
#include <thread>
#include <utility>

#include "data/base/hash.h"
#include "data/formats/files.h"
#include "engine/protocol/import_path.h"
#include "engine/protocol/upload.h"
#include "engine/protocol/version.h"

namespace ecumene::engine::protocol {
namespace {

namespace fs = std::filesystem;

constexpr int kMostTries = 5;
constexpr std::chrono::milliseconds kPause{300};
constexpr std::size_t kFilesAtOnce = 1000;  ///< whose paths fit into a message

fs::path whole(const fs::path& path) {
  const fs::path normal = fs::absolute(path).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

fs::path commonFolder(const fs::path& a, const fs::path& b) {
  fs::path common;
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end() && *i == *j; ++i, ++j) common /= *i;
  return common;
}

Error cancelled() {
  return Error("the sending was cancelled", ErrorKind::kCancelled);
}

/// Why something of this machine cannot be done, which is no reason to end the whole.
template <class Work>
std::optional<Error> problemOf(const Work& work) {
  try {
    work();
    return std::nullopt;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kCancelled) throw;
    return error;
  }
}

/// Leaves out the files for which `refusalOf` has a reason.
template <class RefusalOf>
void leaveOut(ImportFiles& given, const RefusalOf& refusalOf) {
  std::erase_if(given.files, [&](const ImportFiles::File& file) {
    const std::optional<Error> refusal = refusalOf(file);
    if (refusal) given.refused.push_back(*refusal);
    return refusal.has_value();
  });
  if (std::any_of(given.files.begin(), given.files.end(), [](const auto& file) { return !file.beside; })) return;
  throw given.refused.empty() ? Error("nothing is to be imported", ErrorKind::kUsage).next("name files or folders")
                              : given.refused.front();
}

std::string hashOf(const fs::path& path, const std::stop_token& stop) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw systemError("cannot open the file", path.string(), errno);
  Sha256 hash;
  std::string piece(kChunkBytes, '\0');
  while (file) {
    if (stop.stop_requested()) throw cancelled();
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    hash.update(std::string_view(piece).substr(0, static_cast<std::size_t>(file.gcount())));
  }
  if (file.bad()) throw systemError("cannot read the file", path.string(), errno);
  return hash.hex();
}

Sent sentOf(const fs::path& file, const std::stop_token& stop) {
  std::error_code problem;
  if (!fs::exists(file, problem)) throw Error("there is no such file").on(file.string());
  // A pipe would never end.
  if (!fs::is_regular_file(file, problem)) throw Error("this is not a plain file").on(file.string());
  const std::string sha256 = hashOf(file, stop);
  return {file, sha256, fs::file_size(file), sha256};
}

/// What is sent, and when.
struct Sending {
  Client& client;
  const std::stop_token& stop;
  const ImportTold& told;
  std::uint64_t before = 0, total = 0;

  std::string send(const Sent& sent) {
    std::string id;
    bool waits = false;
    const auto sayWaits = [&](bool now) {
      if (told.waits && std::exchange(waits, now) != now) told.waits(sent.file.string(), now);
    };
    const auto going = [&](std::uint64_t here, std::uint64_t) {
      if (told.goes) told.goes(before + here, total);
      return !stop.stop_requested();
    };
    try {
      id = upload(client, sent, going,
                  {.begins = [&](std::uint64_t) { sayWaits(false); }, .waits = [&] { sayWaits(true); }});
    } catch (Error& error) {
      throw error.within("while sending " + sent.file.string());
    }
    before += sent.bytes;
    if (told.goes) told.goes(before, total);
    return id;
  }
};

wire::Job begin(Client& client, const std::string& store, const std::vector<std::string>& settings,
                const std::vector<wire::ImportFile>& files) {
  std::size_t next = 0;
  bool first = true;
  return client.send(&wire::Jobs::Stub::Import, [&](wire::ImportRequest& request) {
    if (!first && next == files.size()) return false;
    if (first) {
      request.set_store(store);
      request.mutable_settings()->Assign(settings.begin(), settings.end());
      request.set_file_count(files.size());
    }
    first = false;
    for (const std::size_t end = std::min(files.size(), next + kFilesAtOnce); next < end; ++next)
      *request.add_files() = files[next];
    return true;
  });
}

}  // namespace

ImportFiles filesToImport(const std::vector<fs::path>& named, const std::stop_token& stop) {
  ImportFiles given;
  std::map<fs::path, bool> found;  // whether it is only read with others
  std::optional<fs::path> base;
  const auto widen = [&](const fs::path& folder) { base = base ? commonFolder(*base, folder) : folder; };
  for (const fs::path& name : named) {
    const fs::path path = whole(name);
    std::error_code problem;
    const bool isFolder = fs::is_directory(path, problem);
    std::vector<fs::path> files = {path};
    try {
      if (isFolder) files = data::formats::filesIn(path, stop);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kCancelled) throw;
      given.refused.push_back(error);
      continue;
    }
    // The name of a file's folder may be its planet's.
    widen(isFolder ? path.parent_path() : path.parent_path().parent_path());
    for (const fs::path& file : files) {
      if (stop.stop_requested()) throw cancelled();
      found[file] = false;
      for (const fs::path& beside : data::formats::filesBeside(file)) {
        widen(whole(beside).parent_path());
        found.try_emplace(whole(beside), true);
      }
    }
  }
  if (base) given.base = *base;
  for (const auto& [file, beside] : found)
    given.files.push_back({file.lexically_relative(given.base).string(), beside});
  leaveOut(given, [](const ImportFiles::File& file) { return problemOf([&] { requireImportPath(file.path); }); });
  return given;
}

wire::Job importFiles(Client& client, const std::string& store, const std::vector<std::string>& settings,
                      ImportFiles& given, const std::stop_token& stop, const ImportTold& told) {
  Sending sending{client, stop, told};
  std::map<std::string, Sent> contents;
  leaveOut(given, [&](const ImportFiles::File& file) {
    return problemOf([&] {
      const Sent sent = sentOf(given.base / file.path, stop);
      sending.total += sent.bytes;
      contents.emplace(file.path, sent);
    });
  });
  for (int tries = 1;; ++tries) {
    sending.before = 0;
    std::vector<wire::ImportFile> files;
    leaveOut(given, [&](const ImportFiles::File& file) -> std::optional<Error> {
      const Sent& sent = contents.at(file.path);
      wire::ImportFile one;
      try {
        one.set_upload(sending.send(sent));
      } catch (const Error& error) {
        if (error.kind() == ErrorKind::kCancelled) throw;
        // One that is being written is no reason to refuse the others.
        auto changed = problemOf([&] {
          if (sentOf(sent.file, stop).sha256 != sent.sha256)
            throw Error("the file has changed while it was sent").on(sent.file.string());
        });
        if (!changed) throw;
        return changed;
      }
      one.set_path(file.path);
      one.set_beside(file.beside);
      files.push_back(std::move(one));
      return std::nullopt;
    });
    if (stop.stop_requested()) throw cancelled();
    try {
      return begin(client, store, settings, files);
    } catch (const Error& error) {
      const bool gone = error.failure() == kNoUpload || error.failure() == kNotWhole;
      if (!gone || tries == kMostTries) throw;
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace ecumene::engine::protocol
