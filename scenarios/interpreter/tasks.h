#pragma once
// One factory per verb; maketask.cpp is the table.

#include "scenarios/interpreter/track.h"

namespace hiatus::run {

struct Lane;

using TaskPointer = std::unique_ptr<Task>;

// opentask.cpp
TaskPointer makeOpenTask(Run &, View &, const script::PlannedStep &);
// droptask.cpp
TaskPointer makeDropTask(Run &, View &, const script::PlannedStep &);
TaskPointer makeClosedTask(Run &, View &, const script::PlannedStep &);
// subscribetask.cpp
TaskPointer makeSubscribeTask(Run &, View &, const script::PlannedStep &);
TaskPointer makeUnsubscribeTask(Run &, View &, const script::PlannedStep &);
// publishtask.cpp
TaskPointer makePublishTask(Run &, View &, const script::PlannedStep &);
// sendtask.cpp
TaskPointer makeAckTask(Run &, View &, const script::PlannedStep &);
TaskPointer makeSendTask(Run &, View &, const script::PlannedStep &);
// expecttask.cpp
TaskPointer makeExpectTask(Run &, View &, const script::PlannedStep &, const v1::Expect &, bool completes);
TaskPointer makeAllOfTask(Run &, View &, const script::PlannedStep &);
TaskPointer makeNeverTask(Run &, View &, const script::PlannedStep &);
// streamtask.cpp
TaskPointer makeStreamTask(Run &, View &, const script::PlannedStep &, const v1::Expect &);
// goroundtask.cpp
TaskPointer makeGoRoundTask(Run &, View &, const script::PlannedStep &);
// fencetask.cpp
TaskPointer makeFenceTask(Run &, View &, const script::PlannedStep &);
// flowtask.cpp
TaskPointer makeWaitTask(Run &, View &, const script::PlannedStep &);
TaskPointer makeParallelTask(Run &, View &, const script::PlannedStep &);
TaskPointer makeOneOfTask(Run &, View &, const script::PlannedStep &);
TaskPointer makeFactTask(Run &, View &, const script::PlannedStep &);
// accepttask.cpp
TaskPointer makeAcceptTask(Run &, View &, const script::PlannedStep &);
// apptask.cpp, appcounttask.cpp
TaskPointer makeAppTask(Run &, View &, const script::PlannedStep &);
TaskPointer makeAppCountTask(Run &, View &, const script::PlannedStep &);
/// Makes the lane's client on first use. False: this world has none, and the run is over.
bool startApp(Run &, Lane &);
// linktask.cpp
TaskPointer makeCutWhenTask(Run &, View &, const script::PlannedStep &);
TaskPointer makeSettledTask(Run &, View &, const script::PlannedStep &);
// targettask.cpp
TaskPointer makeTargetTask(Run &, View &, const script::PlannedStep &);

} // namespace hiatus::run
