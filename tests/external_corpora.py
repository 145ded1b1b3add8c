# SPDX-License-Identifier: Apache-2.0
def check(tally):
    pass
