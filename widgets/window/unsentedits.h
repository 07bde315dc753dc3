// SPDX-License-Identifier: Apache-2.0
#pragma once

// Edits live in the window until they are pushed; before something would drop them the person is asked.

#include <functional>

class QWidget;

namespace colophon::editing {
class ImageDocument;
}

namespace colophon::widgets {

// Calls `go` at once where nothing would be lost, else after "Discard". Returns at once.
void whenEditsMayGo(QWidget *window, const editing::ImageDocument *document, const std::function<void()> &go);

} // namespace colophon::widgets
