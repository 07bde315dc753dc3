// SPDX-License-Identifier: Apache-2.0
#pragma once

// The right pane: everything about the selected node. Overview (with the marking and the addresses of a layer), its
// JSON, its annotations, the findings, and what is attached to the image. Edits go through the document's undo stack;
// probing and signing are asked for by signals.

#include "content/signer.h"
#include "content/urlfetcher.h"
#include "editing/imagedocument.h"
#include "items/marking.h"

#include <QPointer>
#include <QWidget>

#include <optional>

namespace colophon::widgets {

class AnnotationsPane;
class ConsequencesPane;
class ElidedLabel;
class ErrorStrip;
class FindingsPane;
class JsonView;
class OverviewPane;
class SignaturesPane;
class StatePane;
class WrappingTabs;

class Inspector : public QWidget
{
    Q_OBJECT
public:
    enum class Tab { Overview, Json, Annotations, Consequences, Findings, Signatures };

    explicit Inspector(QWidget *parent = nullptr);

    // Not owned; nullptr: nothing is open. The current node becomes the root. `target`: where what is attached to it is
    // read from.
    void setDocument(editing::ImageDocument *document, content::TargetPtr target = {});
    editing::ImageDocument *document() const { return m_document; }
    void setCurrent(const document::NodePath &path);
    const document::NodePath &current() const { return m_current; }

    // Where a layer that is marked here is to be fetched from.
    void setAddressOf(items::AddressOf addressOf);

    // What an address answered; kept until clearProbes(), by the layer's digest.
    void setProbing(const oci::Digest &layer, const QString &url);
    void setProbe(const oci::Digest &layer, const content::UrlProbe &probe);
    void clearProbes();
    void stopProbing(); // what was not answered will not be

    // The signatures of the image (its root) as it was opened. Nothing: not looked for yet.
    void setSignatureReport(std::optional<content::VerifyReport> report);
    // The report in one plain sentence.
    static QString inWords(const content::VerifyReport &report);

    void setCurrentTab(Tab tab);
    Tab currentTab() const;
    OverviewPane *overview() const { return m_overview; }
    JsonView *json() const { return m_json; }
    AnnotationsPane *annotations() const { return m_annotations; }
    ConsequencesPane *consequences() const { return m_consequences; }
    FindingsPane *findings() const { return m_findings; }
    SignaturesPane *signatures() const { return m_signatures; }
    WrappingTabs *tabs() const { return m_tabs; }

Q_SIGNALS:
    void probeRequested(const QList<colophon::document::NodePath> &layers);
    void verifyRequested(const QList<colophon::document::NodePath> &layers); // the whole content of their addresses
    void probeStopRequested();
    void templateRequested(const QList<colophon::document::NodePath> &layers);
    // "Mend" was used: these edits are applied already.
    void repaired(const QList<colophon::document::Edit> &edits);
    // A finding was chosen: its node should become the current one.
    void nodeActivated(const colophon::document::NodePath &path);
    void copied(const QString &what); // for the status bar: "Digest copied"

private:
    void refresh(bool isEdited = false); // true: the document was, and the node is the same
    void showJson(bool isEdited);
    void mend(const QList<document::Edit> &edits);

    QPointer<editing::ImageDocument> m_document;
    document::NodePath m_current;
    StatePane *m_pane;
    ElidedLabel *m_title;
    ErrorStrip *m_errors;
    WrappingTabs *m_tabs;
    OverviewPane *m_overview;
    JsonView *m_json;
    AnnotationsPane *m_annotations;
    ConsequencesPane *m_consequences;
    FindingsPane *m_findings;
    SignaturesPane *m_signatures;
};

} // namespace colophon::widgets
