// SPDX-License-Identifier: Apache-2.0
// The script that a pod begins with.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/support/temp_folder.h"

namespace ecumene {
namespace {

namespace fs = std::filesystem;

struct Said {
  int code;
  std::string text;
};

class PodTest : public testing::Test {
 protected:
  /// Starts it with an nvidia-smi that names this driver ("": there is none) and an sshd that ends at once.
  Said start(const std::string& driver, const std::string& key = "ssh-ed25519 AAAA someone") {
    const fs::path bin = folder_ / "bin";
    fs::create_directories(bin);
    fs::remove(bin / "nvidia-smi");
    if (!driver.empty()) {
      std::ofstream(bin / "nvidia-smi") << "#!/bin/sh\necho '" << driver << "'\n";
      fs::permissions(bin / "nvidia-smi", fs::perms::owner_all);
    }
    const std::string log = folder_ / "log";
    const int status =
        std::system(("PATH='" + bin.string() + ":/usr/bin:/bin' VOLUME='" + volume().string() +
                     "' SSHD=/bin/echo PUBLIC_KEY='" + key + "' resources/pod/start > '" + log + "' 2>&1")
                        .c_str());
    std::ifstream file(log);
    return {WEXITSTATUS(status), {std::istreambuf_iterator<char>(file), {}}};
  }
  [[nodiscard]] fs::path volume() const { return folder_ / "volume"; }
  test::TempFolder folder_;
};

TEST_F(PodTest, SaysThatADriverIsTooOldForCuda13) {
  EXPECT_NE(start("575.51.03").text.find("driver 575.51.03 is too old: CUDA 13 needs 580"), std::string::npos);
  EXPECT_NE(start("580.65.06").text.find("start: driver 580.65.06"), std::string::npos);
  EXPECT_EQ(start("580.65.06").text.find("too old"), std::string::npos);
  EXPECT_NE(start("No devices were found").text.find("names no driver"), std::string::npos);
  EXPECT_NE(start("").text.find("no GPU here"), std::string::npos);
}

TEST_F(PodTest, KeepsItsKeyAndWhoMayLogInOnTheVolume) {
  EXPECT_EQ(start("").code, 0);
  const auto content = [&](const char* name) {
    std::ifstream file(volume() / "ssh" / name);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  const std::string key = content("host_ed25519");
  EXPECT_EQ(start("").code, 0);
  EXPECT_EQ(content("host_ed25519"), key);
  EXPECT_EQ(content("authorized_keys"), "ssh-ed25519 AAAA someone\n");
  EXPECT_NE(content("sshd_config").find("XDG_DATA_HOME=" + volume().string() + "/data"), std::string::npos);
}

TEST_F(PodTest, WithoutAKeyNobodyCouldEverLogIn) {
  const Said said = start("", "");
  EXPECT_EQ(said.code, 2);
  EXPECT_NE(said.text.find("PUBLIC_KEY"), std::string::npos);
}

}  // namespace
}  // namespace ecumene
