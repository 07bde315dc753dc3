// SPDX-License-Identifier: Apache-2.0
// Planted: reads an answer without a cap; the check must refuse it. The line before has its reason and is none.
QByteArray resource(QFile &file) { return file.readAll(); } // whole: a resource of ours
QByteArray body(QIODevice &answer) { return answer.readAll(); }
