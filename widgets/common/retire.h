// SPDX-License-Identifier: Apache-2.0
#pragma once

// Letting go of an operation, also inside its own signal: it says nothing more and is deleted later.

#include <memory>

namespace colophon::widgets {

template <class T>
void retire(std::unique_ptr<T> &operation)
{
    if (operation) {
        operation->disconnect();
        operation->cancel();
        operation.release()->deleteLater();
    }
}

} // namespace colophon::widgets
