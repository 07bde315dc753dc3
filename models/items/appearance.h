// SPDX-License-Identifier: Apache-2.0
#pragma once

// How things are called and which of the few meanings of colour and shape they carry, as codes: the item models say
// them, the widgets draw them. The words are those of the window's word list and stand here alone.

#include "behaviour/words.h"
#include "content/urlfetcher.h"
#include "document/findings.h"
#include "oci/mediatype.h"
#include "transfer/pushplan.h"

#include <QString>
#include <qnamespace.h>

namespace colophon::items {

// What a colour means; never shown without a symbol and a word. The colours themselves: widgets/common/tones.h.
enum class Tone { Plain, NonDistributable, Warning, Error, Good, Edited, Muted };

// The shapes we draw; files in resources/icons.
enum class Symbol {
    None,
    Layer,
    Image,
    Index,
    Config,
    Attestation,
    Signature,
    Tag,
    Address,
    Ok,
    Warning,
    Blocked,
    Information,
    Failed,
    Waiting,
    Unknown,
    Lock,
    Unlock,
    Undo,
    Redo,
    Push,
    Sign,
    Probe,
    Copy,
    Close,
    Open,
    Add,
    Remove,
    Up,
    Down,
    Search,
    Reload,
    Back,
    Forward,
};

// A short word, what it means, and how it looks.
struct Appearance
{
    QString word;
    QString help; // one plain sentence; may be empty
    Tone tone = Tone::Plain;
    Symbol symbol = Symbol::None;
};

Appearance appearanceOf(oci::Marking marking);
Appearance appearanceOf(document::Finding::Severity severity);
Appearance appearanceOf(content::UrlProbe::Verdict verdict);
Appearance appearanceOf(transfer::Outcome outcome);
Appearance appearanceOf(transfer::StepKind kind);
Appearance appearanceOf(behaviour::Outcome outcome);

// Text from outside as a tooltip: made visible, escaped, in our own <qt>, so that it is neither guessed to be rich text
// nor one endless line. Empty stays empty.
QString toolTip(const QString &plain);
// Text from outside for one line of a table: made visible, line breaks shown as such.
QString oneLine(const QString &outside, int longest = 512);

// A sentence of ours as a window shows it: what a terminal sets in backticks stands in quotation marks, and no stop
// follows an ellipsis.
QString readable(const QString &sentence);

// The roles all models of this folder share.
enum Role {
    NodePathRole = Qt::UserRole + 1, // document::NodePath
    ToneRole,                        // int(Tone)
    SymbolRole,                      // int(Symbol)
    SeverityRole,                    // int(document::Finding::Severity); -1: nothing found
    ProgressRole,                    // double, 0…1; -1: none
    GoneRole,                        // bool: an edit took it away; shown struck through
    FullTextRole,                    // QString: what a short text stands for, as it goes to the clipboard
    FirstOwnRole,                    // where a model's own roles begin
};

} // namespace colophon::items
