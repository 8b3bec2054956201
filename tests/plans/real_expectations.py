"""What the five real documents must be read as, without their words.

A line an item: number, index of its section (- before the first heading), kind of the deadline
(group for a group row; a trailing ^ says inherited), its windows, kinds of the parties (a trailing
^ says inherited). A window is its end, or start/end. Read off the documents by eye.
"""

LIPETSK = """
1.1 0 window 2023-09-01/2023-09-30 school
1.2 0 window 2023-09-01/2023-10-31 region
1.3 0 group
1.3.1 0 window 2023-09-01/2023-09-30 school
1.3.2 0 window 2023-09-01/2023-09-30 school
1.3.3 0 window 2023-09-01/2023-09-30 school
2.1 1 whole_period 2023-09-01/2024-05-31 school
2.2 1 group
2.2.1 1 window 2023-09-01/2023-09-30 school
2.2.2 1 window 2023-09-01/2023-09-30 school
2.2.3 1 window 2023-09-01/2023-09-30 school
3.1.1 3 window 2023-09-01/2023-09-30 school
3.1.2 3 window 2023-08-01/2023-09-30 school
3.1.3 3 whole_period 2023-09-01/2024-05-31 school
3.2.1 4 whole_period 2023-09-01/2024-05-31 school
3.2.2 4 whole_period 2023-09-01/2024-05-31 school
3.2.3 4 by_date 2023-09-15 school
3.3 2 group
3.3.1 2 by_date 2023-09-01 -
3.3.2 2 by_date 2023-08-31 school
3.3.3 2 by_date 2023-08-31 school
3.4 2 group
3.4.1 2 whole_period 2023-09-01/2024-05-31 school
3.4.2 2 whole_period 2023-09-01/2024-05-31 school,other_authority
3.4.3 2 window 2023-10-01/2024-05-31 school,other_authority
3.4.4 2 whole_period 2023-09-01/2024-05-31 other_authority
3.4.5 2 whole_period 2023-09-01/2024-05-31 school,other_authority,partner
3.4.12 2 group
3.4.12.1 2 whole_period 2023-09-01/2024-05-31 school
3.4.12.2 2 whole_period 2023-09-01/2024-05-31 school
3.4.12.3 2 whole_period 2023-09-01/2024-05-31 school
3.4.12.4 2 whole_period 2023-09-01/2024-05-31 school
3.4.12.5 2 whole_period 2023-09-01/2024-05-31 school
3.4.12.6 2 whole_period 2023-09-01/2024-05-31 school
3.4.13 2 group
3.4.13.1 2 whole_period 2023-09-01/2024-05-31 school
3.4.13.2 2 whole_period 2023-09-01/2024-05-31 school
3.4.13.3 2 whole_period 2023-09-01/2024-05-31 school
3.4.13.4 2 whole_period 2023-09-01/2024-05-31 school
3.4.13.5 2 whole_period 2023-09-01/2024-05-31 school
3.4.14 2 group
3.4.14.1 2 whole_period 2023-09-01/2024-05-31 school
3.4.14.2 2 whole_period 2023-09-01/2024-05-31 school
3.4.14.3 2 whole_period 2023-09-01/2024-05-31 school
3.4.14.4 2 whole_period 2023-09-01/2024-05-31 school
3.4.14.5 2 whole_period 2023-09-01/2024-05-31 school
3.4.14.6 2 whole_period 2023-09-01/2024-05-31 school
3.4.14.7 2 whole_period 2023-09-01/2024-05-31 school
4.1 5 window 2023-12-01/2023-12-31 school
4.2 5 window 2023-12-01/2024-01-31 school
4.3 5 window 2024-05-01/2024-05-31 school
4.4 5 window 2024-05-01/2024-05-31 school
5.1 6 window 2024-05-01/2024-05-31 school
"""

TAMBOV_REGION = """
1.1 0 by_date 2023-07-10 region
1.2 0 by_date 2023-07-10 region
1.3 0 by_date 2023-07-10 region
1.4 0 window 2023-07-01/2023-07-31 region,operator,municipality
1.5 0 window 2023-07-01/2023-07-31 region,operator
1.6 0 whole_period 2023-09-01/2024-05-31 operator
1.7 0 by_date 2023-07-28 region,operator,municipality,school
1.8 0 by_date 2023-08-30 school
1.9 0 by_date 2023-08-30 operator,partner,partner
1.10 0 by_date 2023-09-01 region,operator,partner
1.11 0 by_date 2023-08-19 region,operator,school
1.12 0 by_date 2023-08-30 partner,school
1.13 0 by_date 2023-08-25 region,operator
1.14 0 by_date 2023-08-25 operator
2.1 1 window 2023-04-01/2023-09-30 federal_operator,operator
2.2 1 window 2023-06-01/2023-10-31 federal_operator,operator
2.3 1 window 2023-06-01/2023-10-31 federal_operator,operator
2.4 1 window 2023-08-01/2023-09-30 operator
2.5 1 external - region,operator
2.6 1 external - operator,municipality,school
2.7 1 by_date 2023-08-30 operator
2.8 1 by_date 2023-08-30 operator
2.9 1 by_date 2023-08-30 operator,federal_operator
2.10 1 whole_period 2023-09-01/2024-05-31 operator,partner,partner
2.11 1 external - operator
3.1 2 window 2023-07-01/2023-07-31 school
3.2 2 by_date 2023-07-28 school
3.3 2 by_date 2023-08-01 school
3.4 2 by_date 2023-08-10 school
3.5 2 by_date 2023-08-10 school
3.6 2 by_date 2023-08-25 school
3.7 2 by_date 2023-08-30 school
3.8 2 by_date 2023-08-30 school
3.9 2 by_date 2023-08-30 school
3.10 2 by_date 2023-08-30 school
3.11 2 by_date 2023-08-30 school
3.12 2 by_date 2023-08-12 school
3.13 2 by_date 2023-09-10 school
3.14 2 window 2023-09-01/2023-09-30,2023-11-01/2023-11-30,2024-02-01/2024-02-29,2024-03-01/2024-03-31 region,school
3.15 2 whole_period 2023-09-01/2024-05-31 school
3.16 2 whole_period 2023-09-01/2024-05-31 school
4.1 3 continuous - region,municipality,operator,school
4.2 3 window 2023-09-01/2023-09-30 school
4.3 3 recurring monthly school
"""

STARY_OSKOL = """
1 - window 2022-07-01/2022-08-31 person
2.1 0 window 2022-07-01/2022-08-31 person,person
3.1 1 window 2022-11-01/2022-11-30 person
3.2 1 window 2022-11-01/2022-11-30 person
3.3 1 window 2022-10-01/2022-11-30 person
3.4 1 window 2022-12-01/2022-12-31 person
3.5 1 window 2022-12-01/2022-12-31 person
4.1.1 3 whole_period 2022-09-01/2023-05-31 person
4.1.2 3 window 2023-10-01/2023-10-31 person
4.1.3 3 window 2023-03-01/2023-05-31 person
4.1.4 3 external - person^
4.2.1 4 external - person
4.2.2 4 window 2023-05-01/2023-05-31 person
4.2.3 4 window 2023-02-01/2023-02-28 person
4.2.4 4 window 2022-10-01/2022-11-30 person
4.2.5 4 window 2023-02-01/2023-03-31 person
4.2.6 4 whole_period 2022-09-01/2023-05-31 person
4.2.7 4 whole_period 2022-09-01/2023-05-31 person
4.2.8 4 external - person
4.2.9 4 external - person
4.2.10 4 window 2022-06-01/2022-08-31,2023-06-01/2023-08-31 person
4.2.11 4 whole_period 2022-09-01/2023-05-31 person
4.2.12 4 external - person
4.2.13 4 external - person
4.2.14 4 whole_period 2022-09-01/2023-05-31 school
4.2.15 4 whole_period 2022-09-01/2023-05-31 school,person
4.2.16 4 whole_period 2022-09-01/2023-05-31 person
4.3.1 5 whole_period 2022-09-01/2023-05-31 person
4.3.2 5 whole_period 2022-09-01/2023-05-31 person
4.3.3 5 whole_period 2022-09-01/2023-05-31 person
4.4.1 6 external - person
4.4.2 6 window 2023-03-01/2023-05-31 person
4.4.3 6 window 2023-03-01/2023-05-31 person
"""

MOSCOW = """
1 0 by_date 2023-08-22 region,operator
2 0 by_date 2023-08-22 municipality,school
3 0 by_date 2023-08-22 region
4 0 by_date 2023-08-22 operator,municipality,school
5 0 by_date 2023-08-25 operator
6 0 by_date 2023-08-25 region
7 0 whole_period 2023-09-01/2024-05-31 region,operator,municipality,school
8 0 by_date 2023-08-31 operator
9 0 on_date 2023-08-27/2023-08-27 region,operator
10 0 by_date 2023-09-15 operator,partner
11 0 by_date 2023-09-15 operator,municipality,partner
12 0 by_date 2023-09-15 operator,school
13 0 whole_period 2023-09-01/2024-05-31 region,partner
14 0 by_date 2023-09-05 operator
15 0 by_date 2024-05-15 operator
16 0 by_date 2024-03-29 operator
17 1 external - region,operator,municipality,school
18 1 whole_period 2023-09-01/2024-05-31 operator,municipality,school
19 2 by_date 2023-08-22 operator
20 2 by_date 2023-09-21 operator
21 2 by_date 2023-09-21 operator
22 2 by_date 2023-09-21 operator
23 2 recurring 2023-10-02,2024-01-02,2024-04-02,2024-07-02 operator
24 2 recurring 2023-10-02,2024-01-02,2024-04-02,2024-07-02 operator
"""

TAMBOV_DISTRICT = """
1.1 0 by_date 2022-06-01 school
1.2 0 whole_period 2022-09-01/2023-05-31 school
1.3 0 recurring 2023-05-25 municipality,school
1.4 0 recurring 2022-09-15,2023-05-25 municipality,school
1.5 0 recurring 2022-12-20,2023-05-25 school
1.6 0 recurring 2023-05-25 school
2.1 1 recurring 2022-12-20,2023-05-25 school
2.2 1 recurring^ 2022-12-20,2023-05-25 school
3.1 2 recurring 2023-06-01 school
4.1 3 recurring 2022-09-15 school
5.1 4 external - school
5.2 4 external - school^
6.1 5 continuous - school
6.2 5 recurring 2022-12-20,2023-05-25 school
6.3 5 recurring^ 2022-12-20,2023-05-25 school^
7.1 6 continuous - school
7.2 6 recurring 2022-12-20,2023-05-25 school^
8.1 7 recurring 2022-12-20,2023-05-25 school
9.1 8 recurring 2022-09-15 -
9.2 8 recurring 2022-12-20,2023-05-25 school
9.3 8 recurring 2023-05-25 school
10.1 9 recurring 2022-12-20,2023-05-25 school
"""
