// SPDX-License-Identifier: Apache-2.0
#pragma once

// One thing that is attached to an image, in plain words: who signed it, how we know, when, what it says, and what the
// edits do to it; and its content, for who wants to read it.

#include "content/target.h"
#include "items/signaturesmodel.h"

#include <QWidget>

#include <memory>

class QFormLayout;
class QLabel;
class QPushButton;
class QScrollArea;
class QStackedWidget;

namespace colophon::widgets {

class Badge;
class JsonView;
class ReadContent;

class SignatureDetails final : public QWidget
{
    Q_OBJECT
public:
    explicit SignatureDetails(QWidget *parent = nullptr);
    ~SignatureDetails() override;

    // Of a row of the model; again after each change. An invalid index: `sentence` instead.
    void show(const items::SignaturesModel &model, const QModelIndex &index, const QString &sentence = {});
    void setTarget(content::TargetPtr target) { m_target = std::move(target); }

    QString text() const; // everything that is said, a line each
    bool isShowingContent() const;
    JsonView *content() const { return m_json; }

public Q_SLOTS:
    void showContent();
    void showFacts();

Q_SIGNALS:
    void copied(const QString &what);

private:
    QWidget *buildFacts();
    QWidget *buildContent();
    void addFact(const QString &name, const QString &value);
    void addDigest(const QString &name, const oci::Digest &digest);
    void showAttachment(const items::SignaturesModel &model, const QModelIndex &index);
    void takeContent();

    content::TargetPtr m_target;
    std::optional<document::Attachment> m_attachment;
    std::unique_ptr<ReadContent> m_reading;
    QStringList m_lines;
    QStackedWidget *m_pages;
    QScrollArea *m_facts;
    Badge *m_badge;
    QLabel *m_reason;
    QWidget *m_table;
    QFormLayout *m_form;
    QPushButton *m_show;
    QLabel *m_trouble; // why the content is not shown
    QWidget *m_contentPage;
    QLabel *m_summary;
    JsonView *m_json;
};

} // namespace colophon::widgets
