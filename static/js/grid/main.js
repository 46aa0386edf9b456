// main.js — the grid's entry: ties answers, states and keys together and shows unsent work of earlier pages.
import { cellByKey, keyOf, paint, table, knownOf } from "./model.js";
import { settleAll } from "./answers.js";
import { watchOthers } from "./changes.js";
import { mark } from "./marks.js";
import { onProblems, onResolve, openProblems } from "./problems.js";
import { askReason } from "./reason.js";
import { onAnswer, onState, resume } from "./queue.js";
import { sessionState } from "./session.js";
import { openToday, prepare } from "./start.js";
import { showProblems, showState } from "./statusbar.js";
import { columnsChanged } from "./sums.js";
import { redoLast, undoLast } from "./commands.js";
import { canRedo, canUndo, onHistory, write } from "./write.js";
import "./clipboard.js";
import "./keys.js";
import "./pad.js";

const at = (name) => document.querySelector(`[data-ed-${name}]`);

function showHistory() {
  at("undo").disabled = !canUndo();
  at("redo").disabled = !canRedo();
}

function showLeftovers() {
  const left = resume();
  left.forEach((value, key) => {
    const cell = cellByKey(key);
    if (!cell) return;
    knownOf(cell);
    paint(cell, value);
    mark(cell, "is-pending");
  });
  if (left.size) showState({ name: "left", count: left.size });
}

if (table) {
  onAnswer(settleAll);
  onState((state) => { showState(state); sessionState(state); });
  onProblems(showProblems);
  onResolve(write, askReason);
  onHistory(showHistory);
  prepare();
  openToday();
  columnsChanged();
  showLeftovers();
  watchOthers();
  at("tools").hidden = false;
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-ed-undo]")) undoLast();
    if (event.target.closest("[data-ed-redo]")) redoLast();
    if (event.target.closest("[data-ed-problems]")) openProblems();
  });
  table.dataset.edReady = keyOf(document.querySelector("[data-ed-grid] td.cell[tabindex]"));
}
