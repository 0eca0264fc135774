// SPDX-License-Identifier: Apache-2.0
// The functions of HiGHS's C interface that linear_program.cpp calls, as its manual documents them
// (https://ergo-code.github.io/HiGHS/stable/interfaces/c_api/). The highspy wheel brings the library without its
// headers.
#pragma once

#include <cstdint>

// The names are HiGHS's own. HighsInt is 32 bits wide unless the library was built with HIGHSINT64; LinearProgram
// checks it once at run time.
using HighsInt = std::int32_t;

extern "C" {
void* Highs_create(void);
void Highs_destroy(void* highs);
HighsInt Highs_getSizeofHighsInt(const void* highs);
HighsInt Highs_setBoolOptionValue(void* highs, const char* option, HighsInt value);
HighsInt Highs_setIntOptionValue(void* highs, const char* option, HighsInt value);
HighsInt Highs_setDoubleOptionValue(void* highs, const char* option, double value);
HighsInt Highs_setStringOptionValue(void* highs, const char* option, const char* value);
HighsInt Highs_passLp(void* highs, HighsInt columns, HighsInt rows, HighsInt nonzeros, HighsInt matrixFormat,
                      HighsInt sense, double offset, const double* cost, const double* columnLower,
                      const double* columnUpper, const double* rowLower, const double* rowUpper, const HighsInt* start,
                      const HighsInt* index, const double* value);
HighsInt Highs_changeColBounds(void* highs, HighsInt column, double lower, double upper);
HighsInt Highs_changeColCost(void* highs, HighsInt column, double cost);
HighsInt Highs_changeObjectiveSense(void* highs, HighsInt sense);
HighsInt Highs_clearSolver(void* highs);
HighsInt Highs_run(void* highs);
HighsInt Highs_getModelStatus(const void* highs);
HighsInt Highs_getSolution(const void* highs, double* columnValue, double* columnDual, double* rowValue,
                           double* rowDual);
}
