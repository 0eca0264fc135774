// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/base/hash.h"

struct sqlite3;
struct sqlite3_stmt;

/// SQLite behind our own words. Values are bound, never pasted into SQL. Failures are Errors that name the database and
/// the table, and say whether the file is damaged, the disk full or the place taken.
namespace ecumene::data::sql {

class Connection;

/// One prepared statement. Parameters count from 1, columns from 0. Not for several threads at once.
class Statement {
 public:
  Statement(Connection& connection, std::string_view text);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, int value) { return bind(parameter, static_cast<std::int64_t>(value)); }
  Statement& bind(int parameter, std::size_t value) { return bind(parameter, static_cast<std::int64_t>(value)); }
  Statement& bind(int parameter, bool value) { return bind(parameter, static_cast<std::int64_t>(value ? 1 : 0)); }
  /// NaN becomes NULL, as in all of SQLite.
  Statement& bind(int parameter, double value);
  Statement& bind(int parameter, std::string_view value);
  Statement& bind(int parameter, const char* value) { return bind(parameter, std::string_view(value)); }
  Statement& bind(int parameter, const std::string& value) { return bind(parameter, std::string_view(value)); }
  template <class T>
  Statement& bind(int parameter, const std::optional<T>& value) {
    return value ? bind(parameter, *value) : bindNull(parameter);
  }
  Statement& bindNull(int parameter);

  /// True while there is a row.
  bool step();
  /// For statements without rows: steps, then resets for the next use.
  void run();
  void reset();

  [[nodiscard]] bool isNull(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;  ///< NaN for NULL
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::optional<double> optionalReal(int column) const;
  /// Every column of the present row, each with its type and length.
  void addRowTo(Sha256& hash) const;

 private:
  Connection& connection_;
  sqlite3_stmt* statement_ = nullptr;
};

enum class Access { kRead, kReadImmutable, kWrite, kCreate };

/// How one may read `file`, a database with a write-ahead log: kReadImmutable where SQLite may make no file beside it.
Access readAccess(const std::filesystem::path& file);

/// How messages call a database, and what they advise where it is damaged.
struct Wording {
  std::string database = "the database";
  std::string repair = "restore it from a copy";
};

class Connection {
 public:
  Connection(const std::filesystem::path& file, Access access, Wording wording = {});
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void execute(std::string_view text);
  /// First column of the first row; throws Error if there is none.
  std::int64_t integer(std::string_view text);
  std::string text(std::string_view text);
  [[nodiscard]] std::int64_t lastRow() const;
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] bool inTransaction() const;
  /// Copies the database, as of one moment and page by page, into another file: a new one, or a database that is
  /// replaced in one transaction, so that its other readers see the old content or the new. Writers of this one do not
  /// wait. Throws Error.
  void copyTo(const std::filesystem::path& file);
  /// Throws the Error for a result code that `statement` (its SQL) met. `writing`: it was to change the database.
  [[noreturn]] void fail(int code, std::string_view statement, bool writing) const;
  [[nodiscard]] sqlite3* handle() const { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
  std::string file_;
  Wording wording_;
};

/// While it lives, all statements see one state of the database, whatever other processes commit.
class Snapshot {
 public:
  explicit Snapshot(Connection& connection);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Connection& connection_;
};

/// BEGIN IMMEDIATE now, ROLLBACK at the end of life unless committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Connection& connection_;
};

/// Lets `make` fill a database without tables and marks it with `version`, in one transaction. True if the database is
/// of that version now.
bool isOfVersion(Connection& connection, std::int64_t version, const std::function<void()>& make);

}  // namespace ecumene::data::sql
