//! Estimates against hand-made examples, laws, and numbers of other software.

use proptest::prelude::*;

use super::*;

fn stratum(industry: &str, [frame, responses, answers, sum, sum_of_squares]: [u64; 5]) -> Stratum {
    Stratum {
        industry: Some(industry.to_owned()),
        size_class: None,
        frame,
        responses,
        answers,
        sum,
        sum_of_squares,
    }
}

fn sized(industry: &str, size_class: &str, counts: [u64; 5]) -> Stratum {
    Stratum { size_class: Some(size_class.to_owned()), ..stratum(industry, counts) }
}

#[track_caller]
fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found} is not {expected}");
}

/// Answers to a Likert item, mean and standard error as `samplics` 0.6.1 (Python) gives them for a stratified sample with
/// finite population correction (Taylor linearisation of a ratio); all answers, then two of three in the base.
#[test]
fn means_and_errors_of_other_software() {
    for (first, second, mean, error) in [
        ([473, 11, 11, 47, 207], [1892, 17, 17, 66, 266], 3.960_427_807_486_629_7, 0.158_003_142_101_635_35),
        ([473, 11, 8, 33, 141], [1892, 17, 11, 44, 184], 4.027_419_354_838_710_5, 0.215_395_130_925_948_28),
        ([913, 6, 6, 27, 123], [3651, 21, 21, 88, 384], 4.252_394_516_088_643, 0.158_340_124_863_026_32),
        ([913, 6, 4, 19, 91], [3651, 21, 14, 61, 277], 4.435_731_501_189_434, 0.202_362_808_789_178_87),
        ([1002, 8, 8, 35, 157], [4007, 26, 26, 112, 500], 4.321_156_533_624_092, 0.141_073_496_362_603_13),
        ([1002, 8, 7, 31, 141], [4007, 26, 16, 69, 311], 4.342_945_085_291_832_5, 0.188_283_520_543_030_2),
        ([341, 6, 6, 21, 77], [1364, 16, 16, 61, 249], 3.75, 0.218_869_172_258_234_85),
        ([341, 6, 5, 18, 68], [1364, 16, 10, 37, 149], 3.675, 0.284_968_743_462_740_37),
        ([172, 4, 4, 12, 42], [688, 11, 11, 45, 191], 3.872_727_272_727_273, 0.243_085_426_748_067_4),
        ([172, 4, 3, 8, 26], [688, 11, 7, 30, 134], 3.917_241_379_310_344_7, 0.346_219_636_133_929_14),
    ] {
        let found = estimate(&[stratum("a", first), stratum("b", second)], Scale::Likert).unwrap();
        close(found.value, 25.0 * (mean - 1.0));
        close(found.standard_error.unwrap(), 25.0 * error);
    }
}

/// Weighted means, shares of answers 4 and 5, and Kish's effective n of weights that are given, computed with numpy.
#[test]
fn effective_n_of_other_software() {
    for (weights, [first, second], [mean, share, effective_n]) in [
        (
            [43.0, 111.2941],
            [[11, 47, 9], [17, 66, 11]],
            [3.960_427_817_390_42, 0.681_283_426_801_280_3, 24.222_798_787_169_033],
        ),
        (
            [152.1333, 173.8667],
            [[6, 27, 6], [21, 88, 17]],
            [4.252_380_932_035_393, 0.847_619_035_098_703_6, 26.923_076_469_306_38],
        ),
        (
            [125.225, 154.1231],
            [[8, 35, 7], [26, 112, 22]],
            [4.321_153_844_541_365_5, 0.851_923_076_232_013_1, 33.766_233_451_064_79],
        ),
        (
            [56.8333, 85.25],
            [[6, 21, 2], [16, 61, 10]],
            [3.750_000_029_325_516_7, 0.566_666_694_037_148_9, 21.428_569_992_218_762],
        ),
        (
            [43.0, 62.5455],
            [[4, 12, 2], [11, 45, 8]],
            [3.872_727_399_577_094, 0.681_818_208_245_228, 14.666_665_529_715_516],
        ),
    ] {
        let strata =
            |at: usize| [first, second].map(|sums| stratum("a", [1000, sums[0], sums[0], sums[at], 0]));
        let of_mean = of_weighted(&strata(1), &weights, Scale::Likert).unwrap();
        close(of_mean.value, 25.0 * (mean - 1.0));
        close(of_mean.effective_n, effective_n);
        close(of_weighted(&strata(2), &weights, Scale::Share).unwrap().value, 100.0 * share);
    }
}

#[test]
fn an_example_by_hand() {
    // Weights 10 and 2. m = (10 · 6 + 2 · 18) / (10 · 2 + 2 · 4) = 96 / 28 = 24 / 7.
    // Residuals of a: answers 2 and 4; of b: 4, 4, 5, 5 and one response without an answer.
    let a = stratum("a", [20, 2, 2, 6, 20]);
    let b = stratum("b", [10, 5, 4, 18, 82]);
    let found = estimate(&[b, a], Scale::Likert).unwrap();
    let m = 24.0 / 7.0;
    close(found.value, 25.0 * (m - 1.0));
    let residuals = |answers: &[f64], responses: f64| {
        let first: f64 = answers.iter().map(|y| y - m).sum();
        let second: f64 = answers.iter().map(|y| (y - m) * (y - m)).sum();
        (second - first * first / responses) / (responses - 1.0)
    };
    let variance = 100.0 * 2.0 * 0.9 * residuals(&[2.0, 4.0], 2.0)
        + 4.0 * 5.0 * 0.5 * residuals(&[4.0, 4.0, 5.0, 5.0], 5.0);
    close(found.standard_error.unwrap(), 25.0 * variance.sqrt() / 28.0);
    // (10 · 2 + 2 · 4)² / (100 · 2 + 4 · 4) = 784 / 216.
    close(found.effective_n, 784.0 / 216.0);
}

#[test]
fn size_classes_are_collapsed_before_industries() {
    let strata = [
        sized("a", "small", [100, 3, 3, 9, 27]),
        sized("a", "micro", [900, 1, 1, 5, 25]),
        sized("b", "small", [50, 2, 2, 6, 20]),
        sized("b", "micro", [70, 2, 2, 8, 34]),
    ];
    let used = collapse(&strata);
    let shown: Vec<[u64; 2]> = used.iter().map(|stratum| [stratum.frame, stratum.responses]).collect();
    assert_eq!(shown, [[1000, 4], [70, 2], [50, 2]]);
}

#[test]
fn industries_with_too_few_responses_are_put_together() {
    let counts = |frame, responses| [frame, responses, responses, responses, responses];
    let shown = |strata: &[Stratum]| -> Vec<[u64; 2]> {
        collapse(strata).iter().map(|stratum| [stratum.frame, stratum.responses]).collect()
    };
    let [a, b] = [stratum("a", counts(10, 1)), stratum("b", counts(20, 1))];
    let [c, d] = [stratum("c", counts(30, 5)), stratum("d", counts(40, 3))];
    assert_eq!(shown(&[a.clone(), b.clone(), c.clone(), d.clone()]), [[30, 5], [40, 3], [30, 2]]);
    // Still too few: the industry with the fewest responses joins.
    assert_eq!(shown(&[a.clone(), c.clone(), d.clone()]), [[30, 5], [50, 4]]);
    assert_eq!(shown(&[stratum("a", counts(10, 0)), c.clone()]), [[40, 5]]);
    // Answers where the frame has nobody are not dropped by a weight of nothing.
    assert_eq!(shown(&[stratum("a", counts(0, 4)), c.clone(), d.clone()]), [[30, 5], [40, 7]]);
    // Nobody else is there.
    assert_eq!(shown(&[a]), [[10, 1]]);
    assert_eq!(shown(&[stratum("a", [0; 5]), c]), [[30, 5]]);
}

#[test]
fn one_response_has_no_error_unless_it_is_everybody() {
    let of = |frame| estimate(&[stratum("a", [frame, 1, 1, 4, 16])], Scale::Likert).unwrap();
    assert_eq!((of(9).value, of(9).standard_error), (75.0, None));
    assert_eq!(of(1).standard_error, Some(0.0));
}

#[test]
fn nothing_to_divide_by_is_no_estimate() {
    assert_eq!(estimate(&[], Scale::Share), None);
    assert_eq!(estimate(&[stratum("a", [10, 4, 0, 0, 0])], Scale::Share), None);
    assert_eq!(estimate(&[stratum("a", [0, 4, 4, 1, 1])], Scale::Share), None);
}

#[test]
fn weights_end_at_five_times_the_median_and_sum_to_the_frame() {
    let strata = [stratum("a", [40, 40, 0, 0, 0]), stratum("b", [1000, 10, 0, 0, 0])];
    // Plain 1 and 100, median 1, so 5: together 40 + 50, raised to 1040.
    let found = weights(&strata);
    close(found[0], 1040.0 / 90.0);
    close(found[1], 5.0 * 1040.0 / 90.0);
    let even = [stratum("a", [2, 2, 0, 0, 0]), stratum("b", [6, 2, 0, 0, 0])];
    assert_eq!(median(&even, &[1.0, 3.0]), Some(2.0));
    assert_eq!(median(&even[..1], &[1.0]), Some(1.0));
}

/// Strata with 2 to 40 responses each, answers 1 to 5.
fn samples() -> impl Strategy<Value = Vec<Vec<u64>>> {
    prop::collection::vec(prop::collection::vec(0_u64..=5, 2..40), 1..7)
}

/// 0: no answer in the base.
fn summed(industry: usize, answers: &[u64], frame: u64) -> Stratum {
    let given: Vec<u64> = answers.iter().copied().filter(|answer| *answer > 0).collect();
    let counts = [
        frame,
        answers.len() as u64,
        given.len() as u64,
        given.iter().sum(),
        given.iter().map(|answer| answer * answer).sum(),
    ];
    stratum(&industry.to_string(), counts)
}

fn strata(samples: &[Vec<u64>], frame: impl Fn(usize, u64) -> u64) -> Vec<Stratum> {
    let of = |(at, answers): (usize, &Vec<u64>)| summed(at, answers, frame(at, answers.len() as u64));
    samples.iter().enumerate().map(of).collect()
}

proptest! {
    #[test]
    fn equal_weights_give_the_plain_mean(samples in samples()) {
        let found = estimate(&strata(&samples, |_, responses| 7 * responses), Scale::Likert);
        let given: Vec<u64> = samples.concat().into_iter().filter(|answer| *answer > 0).collect();
        prop_assert_eq!(found.is_none(), given.is_empty());
        if let Some(found) = found {
            let mean = real(given.iter().sum()) / real(given.len() as u64);
            prop_assert!((found.value - 25.0 * (mean - 1.0)).abs() < 1e-9);
            prop_assert!((found.effective_n - real(given.len() as u64)).abs() < 1e-6);
        }
    }

    #[test]
    fn only_the_shares_of_the_frame_matter(samples in samples(), times in 2_u64..9) {
        let frame = |at: usize, responses: u64| responses * (1 + at as u64);
        let once = estimate(&strata(&samples, frame), Scale::Likert);
        let more = estimate(&strata(&samples, |at, responses| times * frame(at, responses)), Scale::Likert);
        prop_assert_eq!(once.is_none(), more.is_none());
        if let (Some(once), Some(more)) = (once, more) {
            prop_assert!((once.value - more.value).abs() < 1e-9);
            prop_assert!((once.effective_n - more.effective_n).abs() < 1e-6);
        }
    }

    #[test]
    fn who_asks_everybody_does_not_err(samples in samples()) {
        if let Some(found) = estimate(&strata(&samples, |_, responses| responses), Scale::Likert) {
            prop_assert_eq!(found.standard_error, Some(0.0));
        }
    }

    #[test]
    fn estimates_keep_to_their_scale_and_do_not_hang_on_the_order(samples in samples()) {
        let mut strata = strata(&samples, |at, responses| responses * [1, 90, 3][at % 3]);
        let found = estimate(&strata, Scale::Likert);
        strata.reverse();
        prop_assert_eq!(found, estimate(&strata, Scale::Likert));
        if let Some(found) = found {
            let answers: u64 = strata.iter().map(|stratum| stratum.answers).sum();
            prop_assert!((-1e-9..=100.0 + 1e-9).contains(&found.value));
            prop_assert!(found.standard_error.is_some_and(|error| error.is_finite() && error >= 0.0));
            prop_assert!(found.effective_n <= real(answers) * (1.0 + 1e-12));
        }
    }
}
