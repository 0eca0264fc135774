// SPDX-License-Identifier: Apache-2.0
#include "data/store/sql.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <limits>

#include "data/base/error.h"

namespace ecumene::data::store::sql {
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

}  // namespace

Connection::Connection(const std::filesystem::path& file, Access access) : file_(file.string()) {
  // SQLITE_OPEN_NOMUTEX: the store's own mutex keeps threads apart.
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
    throw Error("cannot open the catalogue: " + reason, ErrorKind::kEnvironment).on(file_);
  }
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, kBusyMilliseconds);
}

Connection::~Connection() {
  sqlite3_close(handle_);
}

void Connection::fail(int code, std::string_view doing) const {
  const std::string reason = sqlite3_errmsg(handle_);
  const int primary = code & 0xff;
  if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED) {
    throw Error(fmt::format("cannot {}: another program holds the catalogue", doing), ErrorKind::kEnvironment)
        .on(file_)
        .next("wait until it has finished and repeat the command");
  }
  if (primary == SQLITE_FULL || primary == SQLITE_IOERR) {
    throw Error(fmt::format("cannot {}: {}", doing, reason), ErrorKind::kEnvironment)
        .on(file_)
        .next("free some space on the disk and repeat the command");
  }
  if (primary == SQLITE_NOTADB || primary == SQLITE_CORRUPT) {
    throw Error(fmt::format("cannot {}: the catalogue is damaged ({})", doing, reason))
        .on(file_)
        .next("restore it from a copy, or make the store anew");
  }
  if (primary == SQLITE_READONLY || primary == SQLITE_CANTOPEN || primary == SQLITE_PERM) {
    throw Error(fmt::format("cannot {}: {}", doing, reason), ErrorKind::kEnvironment)
        .on(file_)
        .next("check who owns the store and its permissions");
  }
  throw internalError(fmt::format("{}: {} ({})", doing, reason, code));
}

void Connection::execute(std::string_view text) {
  const int code = sqlite3_exec(handle_, std::string(text).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, "write the catalogue");
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
  if (code != SQLITE_OK) connection.fail(code, "read the catalogue");
}

Statement::~Statement() {
  sqlite3_finalize(statement_);
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  const int code = sqlite3_bind_int64(statement_, parameter, value);
  if (code != SQLITE_OK) connection_.fail(code, "bind a value");
  return *this;
}
Statement& Statement::bind(int parameter, double value) {
  const int code = sqlite3_bind_double(statement_, parameter, value);
  if (code != SQLITE_OK) connection_.fail(code, "bind a value");
  return *this;
}
Statement& Statement::bind(int parameter, std::string_view value) {
  // A null pointer would bind NULL; an empty text is a text.
  const char* data = value.data() == nullptr ? "" : value.data();
  const int code = sqlite3_bind_text64(statement_, parameter, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) connection_.fail(code, "bind a value");
  return *this;
}
Statement& Statement::bindNull(int parameter) {
  const int code = sqlite3_bind_null(statement_, parameter);
  if (code != SQLITE_OK) connection_.fail(code, "bind a value");
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3_reset(statement_);
  connection_.fail(code, sqlite3_stmt_readonly(statement_) != 0 ? "read the catalogue" : "write the catalogue");
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

}  // namespace ecumene::data::store::sql
