// SPDX-License-Identifier: Apache-2.0
#pragma once

// Widgets that show text from outside and never take it for markup: QLabel guesses, and <img src> in an annotation
// would be fetched. Everything that shows data is made here.

#include "items/appearance.h"
#include "oci/digest.h"

#include <QFont>
#include <QLabel>
#include <QString>
#include <QToolButton>

namespace colophon::widgets {

// A label for plain text, made visible; wraps, can be selected with mouse and keyboard when `selectable`.
QLabel *plainLabel(const QString &text = {}, QWidget *parent = nullptr);
QLabel *selectableLabel(const QString &text = {}, QWidget *parent = nullptr);
void setPlainText(QLabel *label, const QString &text);
void setPlainToolTip(QWidget *widget, const QString &text);

// The fixed-width font, at the size of the interface's: for digests, JSON and addresses only.
QFont fixedFont();

// A button that is a symbol only: `name` is its tooltip and its accessible name.
QToolButton *symbolButton(items::Symbol symbol, const QString &name, QWidget *parent = nullptr);

// A label that shortens its text in the middle or at the end instead of growing; the whole is in the tooltip.
class ElidedLabel : public QLabel
{
    Q_OBJECT
public:
    explicit ElidedLabel(QWidget *parent = nullptr, Qt::TextElideMode mode = Qt::ElideRight);
    void setFullText(const QString &text);
    QString fullText() const { return m_full; }
    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_full;
    Qt::TextElideMode m_mode;
};

// A value that is shown whole: wrapped, in the middle of words if it must be (media types and addresses have no
// spaces). Its context menu copies it.
class ValueLabel : public QLabel
{
    Q_OBJECT
public:
    explicit ValueLabel(const QString &text = {}, QWidget *parent = nullptr);
    void setValue(const QString &text);
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int layOut(int width, QPainter *painter) const;
};

// "sha256:" + 12 hex digits in the fixed font, whole in tooltip and for screen readers, with a button that copies the
// whole.
class DigestLabel : public QWidget
{
    Q_OBJECT
public:
    explicit DigestLabel(QWidget *parent = nullptr);
    void setDigest(const oci::Digest &digest);
    oci::Digest digest() const { return m_digest; }

Q_SIGNALS:
    void copied(const QString &text);

private:
    oci::Digest m_digest;
    QLabel *m_label;
    QToolButton *m_copy;
};

// Symbol and word in the colours of a meaning, on their background.
class Badge : public QWidget
{
    Q_OBJECT
public:
    explicit Badge(QWidget *parent = nullptr);
    void setAppearance(const items::Appearance &appearance); // an empty word hides it
    const items::Appearance &appearance() const { return m_appearance; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    items::Appearance m_appearance;
};

} // namespace colophon::widgets
