// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QTest>
#include <QToolButton>

#include "engine/config/run_spec.h"
#include "ui/forms/option_form.h"

namespace ecumene::ui::forms {
namespace {

struct RunForm {
  RunForm() {
    models::spec::Options a, b;
    describe(a, edited);
    describe(b, defaults);
    form = std::make_unique<OptionForm>(std::move(a), std::move(b));
    form->resize(500, 700);
    form->show();
  }
  template <class Editor>
  Editor* editor(const char* key) {
    return qobject_cast<Editor*>(form->editorOf(key));
  }
  engine::config::RunSpec edited, defaults;
  std::unique_ptr<OptionForm> form;
};

TEST(OptionForm, HasAnEditorForEveryOptionOfARun) {
  RunForm run;
  models::spec::Options table;
  engine::config::RunSpec spec;
  describe(table, spec);
  for (const auto& row : table.rows()) {
    const QWidget* editor = run.form->editorOf(row.key);
    const bool flag = qobject_cast<const QCheckBox*>(editor) != nullptr,
               box = qobject_cast<const QComboBox*>(editor) != nullptr;
    EXPECT_EQ(flag, row.type() == "flag") << row.key;
    EXPECT_EQ(box, !row.choiceList.empty()) << row.key;
    EXPECT_EQ(editor->toolTip().toStdString(), row.sentence);
  }
}

TEST(OptionForm, WhatIsTypedReachesTheStructWhileItIsValid) {
  RunForm run;
  auto* rate = run.editor<QLineEdit>("train.lr");
  rate->selectAll();
  QTest::keyClicks(rate, "2e-4");
  EXPECT_EQ(run.edited.train.learningRate, 2e-4);
  EXPECT_TRUE(run.form->valid());
  EXPECT_EQ(run.form->changedKeys(), std::vector<std::string>{"train.lr"});
  rate->selectAll();
  QTest::keyClicks(rate, "fast");
  EXPECT_FALSE(run.form->valid());
  EXPECT_EQ(run.edited.train.learningRate, 2e-4);
  run.editor<QCheckBox>("train.deterministic")->click();
  EXPECT_FALSE(run.edited.train.deterministic);
  run.editor<QComboBox>("train.optimiser")->setCurrentText("lion");
  EXPECT_EQ(run.edited.train.optimiser, "lion");
}

TEST(OptionForm, AnInvalidValueSaysWhatWasExpected) {
  RunForm run;
  auto* epochs = run.editor<QLineEdit>("train.epochs");
  epochs->setText("0");
  bool said = false;
  for (const QLabel* label : run.form->findChildren<QLabel*>()) {
    said = said || (label->isVisibleTo(run.form.get()) && label->text().contains("a whole number from 1 to 1000000"));
  }
  EXPECT_TRUE(said);
  epochs->setText("7");
  EXPECT_TRUE(run.form->valid());
  EXPECT_EQ(run.edited.train.epochs, 7);
}

TEST(OptionForm, ResetGoesBackToTheDefault) {
  RunForm run;
  auto* rate = run.editor<QLineEdit>("train.lr");
  rate->setText("0.5");
  for (auto* button : run.form->findChildren<QToolButton*>()) {
    if (button->accessibleName() == "Default of train.lr") button->click();
  }
  EXPECT_EQ(run.edited, run.defaults);
  EXPECT_TRUE(run.form->changedKeys().empty());
}

TEST(OptionForm, SearchLeavesWhatAnswersToIt) {
  RunForm run;
  run.form->setSearch("learning rate");
  EXPECT_TRUE(run.form->editorOf("train.lr")->isVisibleTo(run.form.get()));
  EXPECT_FALSE(run.form->editorOf("data.store")->isVisibleTo(run.form.get()));
  run.form->setSearch("");
  run.editor<QLineEdit>("train.seed")->setText("99");
  run.form->setSearch("changed");
  EXPECT_TRUE(run.form->editorOf("train.seed")->isVisibleTo(run.form.get()));
  EXPECT_FALSE(run.form->editorOf("train.lr")->isVisibleTo(run.form.get()));
}

TEST(OptionForm, OptionsThatAreNotShownTakeNoPlace) {
  RunForm run;
  const auto top = [&](const char* key) { return run.form->editorOf(key)->mapTo(run.form.get(), QPoint()).y(); };
  run.form->setSearch("train.seed");
  QTest::qWait(50);
  EXPECT_LT(top("train.seed"), 6 * run.form->editorOf("train.seed")->height()) << "far below the search";
  run.form->setSearch("");
  run.form->hideKey("data.store");
  run.form->hideKey("data.tokeniser");
  QTest::qWait(50);
  const int row = top("data.threads") - top("data.graph_nodes");
  EXPECT_LT(top("data.text_length") - top("data.corpus"), 2 * row);
}

TEST(OptionForm, ReloadShowsWhatTheStructHolds) {
  RunForm run;
  run.editor<QLineEdit>("train.epochs")->setText("not a number");
  run.edited.train.epochs = 3;
  run.form->reload();
  EXPECT_EQ(run.editor<QLineEdit>("train.epochs")->text(), "3");
  EXPECT_TRUE(run.form->valid());
}

}  // namespace
}  // namespace ecumene::ui::forms
