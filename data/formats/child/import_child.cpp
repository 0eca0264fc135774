// SPDX-License-Identifier: Apache-2.0
// The parent's side: starts the child, reads its frames under limits, and decides what its end means.
#include "data/formats/child/import_child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/formats/child/import_walls.h"
#include "data/formats/child/import_wire.h"
#include "data/formats/common/shell_limit.h"
#include "data/formats/common/shown_text.h"
#include "data/formats/registry.h"
#include "data/planet/planet.h"

namespace ecumene::data::formats {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kPipeInChild = 3;
constexpr int kPollMilliseconds = 50;

/// Where no child can be started, which is no fault of the file's.
Hindered notStarted(const char* what, const std::string& object, int errnoValue) {
  Error error = systemError(what, object, errnoValue);
  if (errnoValue == EMFILE) error.next("use fewer --threads, or let the shell open more files: ulimit -n 1024");
  if (errnoValue == EAGAIN || errnoValue == ENOMEM) error.next("use fewer --threads, or end other programs");
  return {error, Hindered::What::kEveryFile};
}

struct Pipe {
  FileDescriptor readEnd, writeEnd;
};

Pipe makePipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw notStarted("cannot make a pipe", "pipe2", errno);
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// How a child ended.
struct Ending {
  int status = 0;  ///< as wait gives it
  std::uint64_t cpuSeconds = 0;
};

/// A started child: killed and waited for at the end of its life, whatever happens.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  ~Child() {
    kill();
    wait();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  void kill() const {
    if (!ending_) ::kill(pid_, SIGKILL);
  }
  Ending wait() {
    reap(0);
    return *ending_;
  }
  /// Whether it has ended, without waiting.
  bool ended() {
    reap(WNOHANG);
    return ending_.has_value();
  }

 private:
  void reap(int flags) {
    if (ending_) return;
    int status = 0;
    rusage usage{};
    pid_t pid = 0;
    do {
      pid = ::wait4(pid_, &status, flags, &usage);
    } while (pid < 0 && errno == EINTR);
    if (pid == 0) return;
    const timeval& user = usage.ru_utime;
    const timeval& system = usage.ru_stime;
    constexpr std::int64_t kMicro = 1000000;
    const std::int64_t micro = (user.tv_sec + system.tv_sec) * kMicro + user.tv_usec + system.tv_usec;
    ending_ = Ending{status, static_cast<std::uint64_t>(micro / kMicro)};
  }

  pid_t pid_;
  std::optional<Ending> ending_;
};

pid_t spawn(const std::filesystem::path& program, const std::vector<std::string>& words, int pipe, int standardError) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, standardError, 2);
  // Should the pipe be descriptor 3 already, this action still makes it survive the exec.
  posix_spawn_file_actions_adddup2(&actions, pipe, kPipeInChild);
  // The child must answer signals by dying, whatever the parent ignores or blocks.
  sigset_t all;
  sigset_t none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  // A group of its own: Ctrl-C at a terminal reaches us alone, and we end the child, so that its death by a signal
  // always speaks of the file.
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  // No inherited environment: a variable may name plug-ins for HDF5 or a pre-loaded library. HDF5 is to load none, and
  // NetCDF is to read no file of settings.
  std::string noPlugins = "HDF5_PLUGIN_PRELOAD=::", noSettings = "NCRCENV_IGNORE=1";
  std::array<char*, 3> environment{noPlugins.data(), noSettings.data(), nullptr};
  pid_t pid = 0;
  const int result = ::posix_spawn(&pid, program.c_str(), &actions, &attributes, argv.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (result != 0) throw notStarted("cannot start the importing process", program.string(), result);
  return pid;
}

std::string seconds(std::chrono::milliseconds time) {
  return std::to_string(std::max<std::int64_t>(1, time.count() / 1000)) + " s";
}

std::string howItEnded(const Ending& ending, const ImportLimits& limits) {
  const int status = ending.status;
  // The soft limit's signal may be ignored; the hard one's cannot, and is told from other ends by the time taken.
  if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || ending.cpuSeconds >= limits.cpuSeconds)) {
    return "it took more than the " + std::to_string(limits.cpuSeconds) + " s of processor time that an import may";
  }
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ) return "it tried to write a file";
  if (WIFSIGNALED(status)) return std::string("its process was ended by ") + ::strsignal(WTERMSIG(status));
  return "its process ended with status " + std::to_string(WEXITSTATUS(status));
}

Error hostile(const std::string& file, const std::string& why, const Inbox& inbox, const std::string& said) {
  Error error("the file is damaged or hostile");
  error.on(file).found(why + " while " + inbox.stage);
  if (!said.empty()) error.within("it said: " + shownText(said));
  error.next("nothing of it was kept; fetch the file again from its source");
  return error;
}

/// That the child ended under a limit of the shell which is tighter than the import's, if it did: the file may be
/// whole.
std::optional<Hindered> hindered(const std::string& file, const std::string& why, const Ending& ending,
                                 const ImportLimits& limits) {
  const auto tighter = [](ShellLimit limit, std::uint64_t ours) {
    const std::optional<std::uint64_t> theirs = shellLimit(limit);
    return theirs && *theirs < ours ? theirs : std::nullopt;
  };
  const auto refusal = [&](ShellLimit limit, std::uint64_t theirs, const std::string& ours) {
    Error error("the import ended under a limit of this shell, which a whole file may hit too",
                ErrorKind::kEnvironment);
    error.on(file)
        .expected(ours)
        .found(inWords(limit, theirs))
        .next("lift it and import the file again: " + liftedBy(limit));
    if (!why.empty()) error.within(why);
    return Hindered(error, Hindered::What::kThisFile);
  };
  if (const auto time = tighter(ShellLimit::kProcessor, limits.cpuSeconds); time && ending.cpuSeconds >= *time)
    return refusal(ShellLimit::kProcessor, *time, std::to_string(limits.cpuSeconds) + " s of processor time");
  if (const auto memory = tighter(ShellLimit::kMemory, limits.memoryBytes); memory && memoryIsLimited())
    return refusal(ShellLimit::kMemory, *memory, std::to_string(limits.memoryBytes >> 20U) + " MiB of memory");
  return std::nullopt;
}

/// Throws the refusal that the child sent.
[[noreturn]] void throwSent(const std::string& text) {
  const Error refusal = decodeError(text);
  std::vector<std::string> looks = decodeLooks(text);
  if (looks.empty()) throw Error(refusal);
  throw UnknownFormat(refusal, std::move(looks));
}

/// Makes what an import tells people safe for their terminals.
void makeShown(planet::Import& import) {
  const auto all = [](std::vector<std::string>& texts) {
    for (std::string& text : texts) text = shownText(text);
  };
  const auto provenance = [&](planet::Provenance& from) {
    all(from.assumptions);
    from.part = shownText(from.part);
    from.source = shownText(from.source);
    from.conversions = shownText(from.conversions);
    from.licence = shownText(from.licence);
  };
  const auto network = [&](planet::MetabolicNetwork& shown) {
    for (std::string* text : {&shown.id, &shown.name}) *text = shownText(*text);
    all(shown.compartments);
    all(shown.genes);
    for (planet::Metabolite& m : shown.metabolites) {
      for (std::string* text : {&m.id, &m.name, &m.formula, &m.compartment}) *text = shownText(*text);
    }
    for (planet::Reaction& r : shown.reactions) {
      for (std::string* text : {&r.id, &r.name, &r.subsystem, &r.geneRule}) *text = shownText(*text);
    }
  };
  import.planet.name = shownText(import.planet.name);
  all(import.planet.aliases);
  for (planet::MetabolicNetwork& one : import.planet.networks) network(one);
  for (planet::MetabolismCase& one : import.planet.metabolisms) network(one.metabolism.network);
  const auto words = [&](planet::Text& shown) {
    for (std::string* text : {&shown.id, &shown.title, &shown.body, &shown.source, &shown.licence})
      *text = shownText(*text);
    all(shown.keywords);
  };
  std::for_each(import.planet.texts.begin(), import.planet.texts.end(), words);
  std::for_each(import.texts.begin(), import.texts.end(), words);
  for (planet::CatalogueEntry& entry : import.entries) {
    entry.planet = shownText(entry.planet);
    entry.host = shownText(entry.host);
    all(entry.aliases);
  }
  for (planet::Spectrum& spectrum : import.planet.spectra) spectrum.instrument = shownText(spectrum.instrument);
  all(import.assumptions);
  provenance(import.provenance);
  std::for_each(import.planet.provenance.begin(), import.planet.provenance.end(), provenance);
}

/// What the parent knows of an import under way.
struct Hearing {
  Child& child;
  const ImportLimits& limits;
  const std::stop_token& stop;
  const std::string& file;
  const TakePart& take;
  const std::function<void(double share)>& tell;
  Inbox inbox;
  std::string said;
  Clock::time_point deadline = Clock::now() + limits.wallTime;
  std::optional<SentPart> last{};  ///< waits for another part, or for a child that ends as it should

  /// Kills the child and throws where the import was cancelled or took too long.
  void check() const {
    const bool cancelled = stop.stop_requested();
    if (!cancelled && Clock::now() < deadline) return;
    child.kill();
    child.wait();
    if (cancelled) throw Error("the import was cancelled", ErrorKind::kCancelled).on(file);
    throw hostile(file, "it took longer than the " + seconds(limits.wallTime) + " that an import may", inbox, said);
  }

  void hear(std::span<const std::byte> bytes) {
    try {
      inbox.take(bytes);
    } catch (const Error& error) {
      throw hostile(file, error.failure(), inbox, said);
    }
    if (const std::optional<double> share = std::exchange(inbox.share, std::nullopt); share && tell) tell(*share);
    for (SentPart& part : inbox.parts()) {
      giveLast();
      last = std::move(part);
    }
  }

  /// Gives the part that waits, if there is one. The child's time stands still meanwhile.
  void giveLast() {
    if (!last) return;
    const Clock::time_point begin = Clock::now();
    ImportedPart part = std::move(last->part);
    try {
      if (!part.refusal) {
        part.import = planet::decodeImport(last->result);
        planet::validate(part.import.planet);
        makeShown(part.import);
      }
    } catch (const Error& error) {
      throw hostile(file, error.what(), inbox, said);
    }
    last.reset();
    take(std::move(part));
    deadline += Clock::now() - begin;
  }
};

/// Reads both pipes until they close.
void listen(const Pipe& messages, const Pipe& complaints, Hearing& hearing) {
  std::string& said = hearing.said;
  std::array<pollfd, 2> sources{pollfd{messages.readEnd.get(), POLLIN, 0}, pollfd{complaints.readEnd.get(), POLLIN, 0}};
  std::vector<std::byte> piece(std::size_t{1} << 18U);
  while (sources[0].fd >= 0 || sources[1].fd >= 0) {
    hearing.check();
    const int ready = ::poll(sources.data(), sources.size(), kPollMilliseconds);
    if (ready < 0 && errno != EINTR) throw systemError("cannot listen to the importing process", "poll", errno);
    if (ready <= 0) continue;
    for (pollfd& source : sources) {
      if (source.fd < 0 || source.revents == 0) continue;
      const ssize_t got = ::read(source.fd, piece.data(), piece.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) {
        source.fd = -1;
        continue;
      }
      const auto bytes = std::span<const std::byte>(piece).first(static_cast<std::size_t>(got));
      if (source.fd == messages.readEnd.get()) {
        hearing.hear(bytes);
      } else if (said.size() < kLongestWords) {
        said.append(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), kLongestWords - said.size()));
      }
    }
  }
}

/// Waits for the child's end. One that a file took over may close its pipes and stay.
void awaitEnd(Hearing& hearing) {
  using Milliseconds = std::chrono::milliseconds;
  for (Milliseconds pause(1); !hearing.child.ended(); pause = std::min(2 * pause, Milliseconds(kPollMilliseconds))) {
    hearing.check();
    std::this_thread::sleep_for(pause);
  }
}

/// Size of the file in bytes.
std::uint64_t checkFile(const std::filesystem::path& path, const ImportLimits& limits) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) throw systemError("cannot open the file", path.string(), errno);
  if (!S_ISREG(status.st_mode)) {
    throw Error("this is not a plain file").on(path.string()).next("name the files inside a folder one by one");
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > limits.fileBytes) {
    throw Error("the file is larger than an import may be")
        .on(path.filename().string())
        .expected("at most " + std::to_string(limits.fileBytes) + " bytes")
        .found(std::to_string(size));
  }
  return size;
}

/// The limits of a file of this size. A small file that swells beyond these is a bomb.
ImportLimits grownTo(std::uint64_t fileBytes, ImportLimits limits) {
  const double gib = std::ldexp(static_cast<double>(fileBytes), -30);
  const auto grown = [gib](std::uint64_t perGiB) {
    return static_cast<std::uint64_t>(gib * static_cast<double>(perGiB));
  };
  limits.resultBytes = std::min(limits.resultBytes, (std::uint64_t{64} << 20U) + fileBytes * limits.resultBytesPerByte);
  limits.cpuSeconds += grown(limits.cpuSecondsPerGiB);
  limits.wallTime += std::chrono::milliseconds(grown(static_cast<std::uint64_t>(limits.wallTimePerGiB.count())));
  return limits;
}

}  // namespace

void importPartsInChild(const std::filesystem::path& program, const std::filesystem::path& path,
                        const ImportOptions& options, const TakePart& take, const ImportLimits& given,
                        std::stop_token stop) {
  const std::string file = path.filename().string();
  const std::uint64_t fileBytes = checkFile(path, given);
  const ImportLimits limits = grownTo(fileBytes, given);
  Pipe messages = makePipe();
  Pipe complaints = makePipe();
  std::vector<std::string> words{program.string(),
                                 kImportChildWord,
                                 std::to_string(kPipeInChild),
                                 std::to_string(::getpid()),
                                 std::to_string(limits.memoryBytes),
                                 std::to_string(limits.cpuSeconds),
                                 std::filesystem::absolute(path).string()};
  for (const auto& [key, value] : options.set) words.push_back(key + "=" + value);
  Child child(spawn(program, words, messages.writeEnd.get(), complaints.writeEnd.get()));
  messages.writeEnd.close();
  complaints.writeEnd.close();

  const std::uint64_t allBytes = limits.resultBytes + fileBytes * limits.resultBytesPerByte;
  Hearing hearing{child, limits, stop, file, take, options.tell, Inbox(limits.resultBytes, allBytes), {}};
  const Inbox& inbox = hearing.inbox;
  const std::string& said = hearing.said;
  listen(messages, complaints, hearing);
  awaitEnd(hearing);
  const Ending ending = child.wait();
  const bool clean = WIFEXITED(ending.status) && !inbox.partial();
  const int code = WEXITSTATUS(ending.status);
  const bool told = clean && code == 1;
  const bool excess = told && !inbox.excess.empty();
  if (told && !excess && !inbox.error.empty()) throwSent(inbox.error);
  if (!clean || code != 0 || !hearing.last) {
    const std::string why = howItEnded(ending, limits);
    const std::optional<Hindered> limit = hindered(file, excess ? "" : why, ending, limits);
    if (limit) throw Hindered(*limit);
    throw hostile(file, excess ? inbox.excess : why, inbox, said);
  }
  hearing.giveLast();
}

planet::Import runImportChild(const std::filesystem::path& program, const std::filesystem::path& path,
                              const ImportOptions& options, const ImportLimits& limits, std::stop_token stop) {
  OnePart one(path.filename().string());
  importPartsInChild(program, path, options, one.take(), limits, std::move(stop));
  return one.import();
}

}  // namespace ecumene::data::formats
