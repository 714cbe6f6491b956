#pragma once
// Fields that 3.1.1 does not have.

#include "hiatus/v1/scenario.pb.h"

#include <string>
#include <vector>

namespace hiatus::script {

struct NewField
{
    std::string name;
    std::string path; ///< below the step or lane
};

/// The fields of 5.0 only that the step sends, compares or fills in; nested steps are left out. Reason codes in patterns
/// are none: on 3.1.1 they are not compared.
std::vector<NewField> newFields(const v1::Step &step);
std::vector<NewField> newFields(const v1::Lane &lane);

} // namespace hiatus::script
