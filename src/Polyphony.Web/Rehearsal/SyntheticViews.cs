using System.Text;

namespace Polyphony.Web.Rehearsal;

/// <summary>What synthetic citizens think: each leans one way by age and by how they move, belongs to one of three camps, and some change their mind on the day.</summary>
internal sealed class SyntheticViews
{
    private static readonly string[] Ages = ["16–29", "30–44", "45–64", "65 and over"];
    private static readonly string[] Ways = ["on foot or by bike", "bus or tram", "car", "rarely leaves home"];

    /// <summary>Chances of the camps "with confidence", "as a public service", "streets for people", by the usual way of moving.</summary>
    private static readonly double[][] Camps = [[0.12, 0.20, 0.68], [0.18, 0.70, 0.12], [0.76, 0.16, 0.08], [0.35, 0.60, 0.05]];

    private static readonly double[] ByAge = [1.00, 0.35, -0.20, -0.80];
    private static readonly double[] ByCamp = [0.70, 0.05, -0.80];

    /// <summary>How the day moves each question of the questionnaire, in steps of a scale.</summary>
    private static readonly double[] Moves = [0.35, 0, 1.25, 0.30];

    private readonly RehearsalChance chance;
    private readonly Dictionary<string, (int Age, int Way)> people;
    private readonly Dictionary<string, Citizen> citizens = new(StringComparer.Ordinal);

    public SyntheticViews(byte[] poolCsv, ulong seed)
    {
        chance = new RehearsalChance(seed);
        people = new(StringComparer.Ordinal);
        foreach (string[] cells in Encoding.UTF8.GetString(poolCsv).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')))
        {
            people[Key(cells[1], cells[3])] = (Array.IndexOf(Ages, cells[7]), Array.IndexOf(Ways, cells[10]));
        }
    }

    /// <summary>Meets the person whose letter this is.</summary>
    public void Meet(string code, string name, string address)
    {
        (int age, int way) = people.GetValueOrDefault(Key(name, address.Split('\n')[0].Trim()), (1, 1));
        int camp = chance.Weighted(Camps[way]);
        citizens[code] = new Citizen(camp, ByAge[age] + ByCamp[camp] + Noise(0.5));
    }

    /// <summary>Chosen positions for a question of a vote; none for "don't know".</summary>
    public IReadOnlyList<int> Vote(string code, int session, int question, int options, int most)
    {
        if (chance.Below(20) == 0)
        {
            return [];
        }

        // Beside a taste of the room for each answer, those who lean one way prefer answers further down the list or further up.
        double way = (session + question) % 2 == 0 ? 1.0 : -1.0;
        double lean = citizens[code].Lean;
        double[] weights = [.. Enumerable.Range(0, options).Select(o => (1.0 + (2.5 * (((o * 7) + (session * 3) + (question * 5)) % options) / options)) * Math.Exp(way * lean * (o - ((options - 1) / 2.0))))];
        int wanted = most <= 1 ? 1 : 1 + chance.Below(most);
        HashSet<int> chosen = [];
        while (chosen.Count < wanted)
        {
            chosen.Add(chance.Weighted(weights));
        }

        return [.. chosen.Order()];
    }

    /// <summary>The answer to a question of the questionnaire, in the morning and, from what was said then, in the evening.</summary>
    public IReadOnlyList<int> Answer(string code, int question, int options, bool again)
    {
        Citizen citizen = citizens[code];
        if (!again)
        {
            double first = question switch { 2 => -0.7 + Noise(1.3), 3 => (0.25 * citizen.Lean) + Noise(1.4), _ => (1.15 * citizen.Lean) + Noise(0.7) };
            citizen.Said[question] = first;
        }

        if (chance.Below(again ? 40 : 14) == 0)
        {
            return [];
        }

        // The morning's view draws most people to the middle by evening; a third do not move at all.
        double view = citizen.Said.TryGetValue(question, out double before) ? before : Noise(1.2);
        if (again && chance.Below(3) != 0)
        {
            view = (view * 0.7) + Moves[question] + Noise(0.45);
        }

        return [options == 4 ? Math.Clamp((int)Math.Floor(view + 1.5), 0, 3) : Math.Clamp((int)Math.Round(view + 2), 0, 4)];
    }

    /// <summary>How somebody votes on a statement that a camp is for (+), against (−) or split over (0); null when they do not come to it.</summary>
    public string? Say(string code, string camps)
    {
        if (chance.Below(12) == 0)
        {
            return null;
        }

        double agree = camps[citizens[code].Camp] switch { '+' => 0.86, '-' => 0.08, _ => 0.44 };
        double at = chance.Share();
        return at < agree ? "agree" : at > agree + ((1 - agree) * (camps[citizens[code].Camp] == '0' ? 0.7 : 0.85)) ? "pass" : "disagree";
    }

    private double Noise(double width) => ((chance.Share() + chance.Share() + chance.Share()) * 2 / 3 - 1) * width * 1.7;

    private static string Key(string name, string street) => name + "|" + street;

    private sealed record Citizen(int Camp, double Lean)
    {
        public Dictionary<int, double> Said { get; } = [];
    }
}
