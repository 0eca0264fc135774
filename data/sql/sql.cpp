// SPDX-License-Identifier: Apache-2.0
#include "data/sql/sql.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <limits>
#include <span>
#include <utility>

#include "data/base/error.h"

namespace ecumene::data::sql {
namespace {

constexpr int kBusyMilliseconds = 60000;

/// A path as SQLite's URI form wants it: every byte that has a meaning there as %XX.
std::string uriOf(const std::filesystem::path& file) {
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(file).string()) {
    if (c == '?' || c == '#' || c == '%') {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

/// What a statement reads or writes, for messages: "table 'planet' of the catalogue".
std::string subjectOf(std::string_view statement, const std::string& database) {
  for (const std::string_view before : {" FROM ", "INSERT INTO ", "INSERT OR REPLACE INTO ", "UPDATE "}) {
    const std::size_t found = statement.find(before);
    if (found == std::string_view::npos) continue;
    std::string_view table = statement.substr(found + before.size());
    table = table.substr(0, table.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"));
    return fmt::format("table '{}' of {}", table, database);
  }
  return database;
}

/// SQLite's own quick look at every page finds nothing.
bool isSound(sqlite3* handle) {
  sqlite3_stmt* check = nullptr;
  if (sqlite3_prepare_v2(handle, "PRAGMA quick_check(1)", -1, &check, nullptr) != SQLITE_OK) return false;
  const bool sound = sqlite3_step(check) == SQLITE_ROW &&
                     std::string_view(reinterpret_cast<const char*>(sqlite3_column_text(check, 0))) == "ok";
  sqlite3_finalize(check);
  return sound;
}

}  // namespace

Connection::Connection(const std::filesystem::path& file, Access access, Wording wording)
    : file_(file.string()), wording_(std::move(wording)) {
  // SQLITE_OPEN_NOMUTEX: the owner's own mutex keeps threads apart.
  int flags = SQLITE_OPEN_NOMUTEX;
  std::string name = file_;
  switch (access) {
    case Access::kRead:
      flags |= SQLITE_OPEN_READONLY;
      break;
    case Access::kReadImmutable:
      flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
      name = uriOf(file);
      break;
    case Access::kWrite:
      flags |= SQLITE_OPEN_READWRITE;
      break;
    case Access::kCreate:
      flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
      break;
  }
  const int code = sqlite3_open_v2(name.c_str(), &handle_, flags, nullptr);
  if (code != SQLITE_OK) {
    const std::string reason = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
    sqlite3_close(handle_);
    throw Error("cannot open " + wording_.database + ": " + reason, ErrorKind::kEnvironment)
        .on(file_)
        .next("check who owns it and its permissions");
  }
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, kBusyMilliseconds);
}

Access readAccess(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  if (::access(folder.c_str(), W_OK) == 0) return Access::kRead;
  // Where SQLite may not make its shared-memory file, it reads a log only if that file is there already.
  std::error_code ignored;
  std::filesystem::path log = file;
  log += "-wal";
  return std::filesystem::exists(log, ignored) && std::filesystem::file_size(log, ignored) > 0 ? Access::kRead
                                                                                               : Access::kReadImmutable;
}

Connection::~Connection() {
  sqlite3_close(handle_);
}

void Connection::copyTo(const std::filesystem::path& file) {
  Connection to(file, Access::kCreate, wording_);
  sqlite3_backup* backup = sqlite3_backup_init(to.handle_, "main", handle_, "main");
  if (backup == nullptr) to.fail(sqlite3_extended_errcode(to.handle_), "", true);
  constexpr int kAllPages = -1;
  const int code = sqlite3_backup_step(backup, kAllPages);
  sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) to.fail(code, "", true);
}

void Connection::fail(int code, std::string_view statement, bool writing) const {
  const std::string reason = sqlite3_errmsg(handle_);
  const std::string doing =
      fmt::format("cannot {} {}", writing ? "write" : "read", subjectOf(statement, wording_.database));
  const auto trouble = [&](const std::string& why, const char* next) {
    return Error(doing + ": " + why, ErrorKind::kEnvironment).on(file_).next(next);
  };
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw trouble("another program holds it", "wait until it has finished and repeat the command");
    case SQLITE_FULL:
      throw trouble(reason, "free some space on the disk and repeat the command");
    case SQLITE_IOERR:
      if (code == SQLITE_IOERR_CORRUPTFS || code == SQLITE_IOERR_SHORT_READ) break;
      throw trouble(reason, writing || code != SQLITE_IOERR_READ ? "free some space on the disk and repeat the command"
                                                                 : "check the disk, and repeat the command");
    case SQLITE_NOMEM:
      throw trouble("not enough memory", "end other programs and repeat the command");
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      throw trouble(reason, "check who owns it and its permissions");
    default:
      // Our statements are right for a sound database: a reading that fails on its content met content that is not
      // what was written; for the rest SQLite's own check tells damage from a defect of ours.
      if ((code & 0xff) != SQLITE_CORRUPT && (code & 0xff) != SQLITE_NOTADB && (writing || code != SQLITE_ERROR) &&
          isSound(handle_)) {
        throw internalError(fmt::format("{}: {} ({})", doing, reason, code)).on(file_);
      }
  }
  throw Error(fmt::format("{}: {} is damaged ({})", doing, wording_.database, reason)).on(file_).next(wording_.repair);
}

void Connection::execute(std::string_view text) {
  const int code = sqlite3_exec(handle_, std::string(text).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, text, true);
}

std::int64_t Connection::integer(std::string_view text) {
  Statement statement(*this, text);
  if (!statement.step()) throw internalError("a query gave no row");
  return statement.integer(0);
}

std::string Connection::text(std::string_view text) {
  Statement statement(*this, text);
  if (!statement.step()) throw internalError("a query gave no row");
  return statement.text(0);
}

std::int64_t Connection::lastRow() const {
  return sqlite3_last_insert_rowid(handle_);
}
std::int64_t Connection::changes() const {
  return sqlite3_changes64(handle_);
}
bool Connection::inTransaction() const {
  return sqlite3_get_autocommit(handle_) == 0;
}

Statement::Statement(Connection& connection, std::string_view text) : connection_(connection) {
  const int code =
      sqlite3_prepare_v2(connection.handle(), text.data(), static_cast<int>(text.size()), &statement_, nullptr);
  if (code != SQLITE_OK) connection.fail(code, text, false);
}

Statement::~Statement() {
  sqlite3_finalize(statement_);
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  const int code = sqlite3_bind_int64(statement_, parameter, value);
  if (code != SQLITE_OK) connection_.fail(code, sqlite3_sql(statement_), true);
  return *this;
}
Statement& Statement::bind(int parameter, double value) {
  const int code = sqlite3_bind_double(statement_, parameter, value);
  if (code != SQLITE_OK) connection_.fail(code, sqlite3_sql(statement_), true);
  return *this;
}
Statement& Statement::bind(int parameter, std::string_view value) {
  // A null pointer would bind NULL; an empty text is a text.
  const char* data = value.data() == nullptr ? "" : value.data();
  const int code = sqlite3_bind_text64(statement_, parameter, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) connection_.fail(code, sqlite3_sql(statement_), true);
  return *this;
}
Statement& Statement::bindNull(int parameter) {
  const int code = sqlite3_bind_null(statement_, parameter);
  if (code != SQLITE_OK) connection_.fail(code, sqlite3_sql(statement_), true);
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3_reset(statement_);
  connection_.fail(code, sqlite3_sql(statement_), sqlite3_stmt_readonly(statement_) == 0);
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Statement::isNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
double Statement::real(int column) const {
  return isNull(column) ? std::numeric_limits<double>::quiet_NaN() : sqlite3_column_double(statement_, column);
}
std::optional<double> Statement::optionalReal(int column) const {
  if (isNull(column)) return std::nullopt;
  return sqlite3_column_double(statement_, column);
}
std::string Statement::text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_, column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

void Statement::addRowTo(Sha256& hash) const {
  const auto number = [&](const auto& value) { hash.update(std::as_bytes(std::span(&value, 1))); };
  for (int column = 0; column < sqlite3_column_count(statement_); ++column) {
    const int type = sqlite3_column_type(statement_, column);
    number(type);
    if (type == SQLITE_INTEGER) number(integer(column));
    if (type == SQLITE_FLOAT) number(real(column));
    if (type != SQLITE_TEXT) continue;
    const std::string words = text(column);
    number(words.size());
    hash.update(words);
  }
}

Snapshot::Snapshot(Connection& connection) : connection_(connection) {
  connection_.execute("BEGIN");
}
Snapshot::~Snapshot() {
  if (connection_.inTransaction()) sqlite3_exec(connection_.handle(), "COMMIT", nullptr, nullptr, nullptr);
}

Transaction::Transaction(Connection& connection) : connection_(connection) {
  connection_.execute("BEGIN IMMEDIATE");
}
Transaction::~Transaction() {
  // After a full disk SQLite may have rolled back by itself; a second ROLLBACK would only hide the first error.
  if (connection_.inTransaction()) sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}
void Transaction::commit() {
  connection_.execute("COMMIT");
}

bool isOfVersion(Connection& connection, std::int64_t version, const std::function<void()>& make) {
  if (connection.integer("SELECT count(*) FROM sqlite_master") == 0) {
    Transaction transaction(connection);
    make();
    connection.execute("PRAGMA user_version = " + std::to_string(version));
    transaction.commit();
  }
  return connection.integer("PRAGMA user_version") == version;
}

}  // namespace ecumene::data::sql
