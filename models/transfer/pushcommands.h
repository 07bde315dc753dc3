// SPDX-License-Identifier: Apache-2.0
#pragma once

// The plan as commands of other programs (issue: "Copy as commands"): for people who have to push from elsewhere, or
// want to see what it comes down to. Written for sh; everything from outside is quoted, and no secret is in it: the
// tokens are $TOKEN and $SOURCE_TOKEN, which whoever runs it sets.

#include "transfer/pushplan.h"

namespace colophon::transfer {

enum class CommandTool { Curl, Regctl };

// Lines of a script: a head, then for each step a remark and its command. Joined with newlines it runs as it is and
// does what the plan says, all but the signatures. A plan that is blocked gives remarks alone.
QStringList commandsOf(const PushPlan &plan, CommandTool tool);

} // namespace colophon::transfer
