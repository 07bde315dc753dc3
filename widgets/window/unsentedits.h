// SPDX-License-Identifier: Apache-2.0
#pragma once

// Edits live in the window until they are pushed; before something would drop them the person is asked whether they are
// kept as a draft or go.

#include <functional>

class QWidget;

namespace colophon::widgets {

class DraftKeeper;

// Calls `go` at once where nothing would be lost, else after "Keep" or "Discard". Returns at once. Where they cannot be
// kept it says why, and asks again.
void whenEditsMayGo(QWidget *window, DraftKeeper &drafts, const std::function<void()> &go);

} // namespace colophon::widgets
