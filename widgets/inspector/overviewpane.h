// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a node is, in words: of a layer its marking and addresses, which are changed here; of a manifest, index or
// config what it says about itself.

#include "content/signer.h"
#include "editing/imagedocument.h"
#include "items/appearance.h"
#include "items/marking.h"

#include <QPointer>
#include <QScrollArea>

#include <optional>

class QFormLayout;
class QGroupBox;
class QLabel;
class QPushButton;
class QRadioButton;
class QToolButton;
class QTreeView;

namespace colophon::items {
class UrlsModel;
}

namespace colophon::widgets {

class Badge;
class ValueLabel;

class OverviewPane : public QScrollArea
{
    Q_OBJECT
public:
    explicit OverviewPane(QWidget *parent = nullptr);

    void showNode(editing::ImageDocument *document, const document::NodePath &path); // again after each change
    void setAddressOf(items::AddressOf addressOf) { m_addressOf = std::move(addressOf); }
    void setSignatureReport(std::optional<content::VerifyReport> report);
    items::UrlsModel *urls() const { return m_urls; }

    QRadioButton *distributable() const { return m_distributable; }
    QRadioButton *nonDistributable() const { return m_nonDistributable; }
    QTreeView *addressView() const { return m_addresses; }
    QPushButton *probeButton() const { return m_probe; }
    QPushButton *templateButton() const { return m_template; }
    // What is said below the addresses: why what is typed will not do, else the whole current address and its answer.
    QString addressText() const;

public Q_SLOTS:
    void addAddress();
    void removeAddress();

Q_SIGNALS:
    void probeRequested(const QList<colophon::document::NodePath> &layers);
    void verifyRequested(const QList<colophon::document::NodePath> &layers); // their whole content
    void probeStopRequested();
    void templateRequested(const QList<colophon::document::NodePath> &layers);
    void repairRequested(const QList<colophon::document::Edit> &edits);
    void refused(const colophon::base::Error &why);
    void copied(const QString &what);

private:
    void buildMarking();
    void buildAddresses();
    void buildSignature();
    void showMarking();
    void showFacts();
    void showLayerFacts(const oci::Descriptor &layer);
    void showConfigFacts(const oci::Descriptor &config);
    void showManifestFacts(const oci::Descriptor &manifest);
    void addFact(const QString &name, const QString &value);
    void addDigest(const QString &name, const oci::Digest &digest);
    void addAnnotations(qsizetype count);
    void showSignature();
    QList<document::Edit> repair() const; // of what is wrong with this layer
    void mark(bool nonDistributable);
    void updateButtons();
    void moveAddress(int by);
    void showAddress();
    void judge(const QString &typed);
    void tint(items::Tone tone); // what is said below the addresses

    QPointer<editing::ImageDocument> m_document;
    document::NodePath m_path;
    items::AddressOf m_addressOf;
    std::optional<content::VerifyReport> m_report;
    items::UrlsModel *m_urls;

    QGroupBox *m_marking;
    QRadioButton *m_distributable;
    QRadioButton *m_nonDistributable;
    Badge *m_badge;
    QLabel *m_markingNote;
    QPushButton *m_mend;
    QGroupBox *m_addressBox;
    QTreeView *m_addresses;
    QPushButton *m_add;
    QToolButton *m_remove;
    QPushButton *m_template;
    QPushButton *m_probe;
    QPushButton *m_verify;
    QToolButton *m_up;
    QToolButton *m_down;
    QLabel *m_addressNote;
    ValueLabel *m_wholeAddress;
    QLabel *m_answer;
    QWidget *m_facts;
    QFormLayout *m_form;
    QGroupBox *m_signature;
    Badge *m_signatureBadge;
    QLabel *m_signatureText;
};

} // namespace colophon::widgets
