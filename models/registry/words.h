// SPDX-License-Identifier: Apache-2.0
#pragma once

// tr() for the texts of this folder, which are no QObjects' texts.

#include <QCoreApplication>

namespace colophon::registry {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(Registry)
};

} // namespace colophon::registry
