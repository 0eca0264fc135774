# SPDX-License-Identifier: Apache-2.0
# cmake -DFILE=program -DOLD=its-runpath -P set_runpath.cmake: makes a program look for its libraries beside itself.
file(RPATH_CHANGE FILE "${FILE}" OLD_RPATH "${OLD}" NEW_RPATH "$ORIGIN")
