using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Polyphony.Browser.Tests.Everywhere;

/// <summary>The files of a small dialogue whose words are as long as words get, so that pages have something to break.</summary>
internal static class SmallTown
{
    public const int Places = 12;

    private const string Long = "Niederösterreichische Landwirtschaftsgenossenschaftsmitgliedsvertretung";

    private static readonly string[] Names = ["Marie-Françoise Le Quéré-Coëtmeur de Kerguéhennec", "Wolfeschlegelsteinhausenbergerdorff, Hubert", "Zoé Ng", "عبد الرحمن بن عبد العزيز الأنصاري", "Nguyễn Thị Minh Khai"];

    /// <summary>Quotas that the pool cannot meet until a suggestion is taken: nobody in it is younger than twenty.</summary>
    public static byte[] Quotas() => Utf8(
        "feature,value,min,max,target",
        "Gender,woman,5,7,0.51", "Gender,man,5,7,0.49",
        "Age,16–19,1,2,0.06", "Age,20–59,6,9,0.58", "Age,60+,3,6,0.36",
        $"Livelihood,{Long},2,8,0.3", "Livelihood,Other,4,10,0.7");

    /// <summary>Quotas with something wrong in every row.</summary>
    public static byte[] BrokenQuotas() => Utf8("feature,value,min,max", "Gender,woman,9,5", "Gender,,1,2", $"{Long},{Long},none,minus one");

    public static byte[] Pool() => Utf8([PoolHeader, .. Enumerable.Range(1, 60).Select(i => Row(i, i % 3 == 0 ? "60+" : "20–59"))]);

    /// <summary>A pool in which some values are none of the quotas'.</summary>
    public static byte[] BrokenPool() => Utf8([PoolHeader, .. Enumerable.Range(1, 8).Select(i => Row(i / 2, i % 2 == 0 ? Long : "60+"))]);

    public static byte[] Agenda() => JsonSerializer.SerializeToUtf8Bytes(new
    {
        sessions = new object[]
        {
            new
            {
                title = Text("Who decides?", "Qui décide ?"),
                introduction = Text("Read the briefing first; it is on your table.", "Lisez d’abord le dossier ; il se trouve sur votre table."),
                start = "00:00",
                minutes = 1_439,
                round = 1,
                questions = new object[]
                {
                    Question("single", null, "Who should decide on the terms?", "Qui doit fixer les conditions ?", ["The city", Long, "Each neighbourhood for itself"]),
                    Question("multiple", 2, "Which two come first?", "Lesquelles passent en premier ?", ["Safety", "Price", "Quiet streets", "Access for people who cannot drive"]),
                    Question("scale", null, "The city should own the vehicles.", "La ville doit posséder les véhicules.", ["Strongly against", "Against", "Neither for nor against", "For", "Strongly for"]),
                },
            },
            new { title = Text("Lunch", "Déjeuner"), start = "12:30", minutes = 60 },
        },
    });

    private const string PoolHeader = "id,name,email,language,address,Gender,Age,Livelihood";

    private static string Row(int i, string age) => string.Create(
        CultureInfo.InvariantCulture,
        $"P{i:000},\"{Names[i % Names.Length]}\",citizen{i}@a-rather-long-name-for-a-mail-server.belmarais.example,{(i % 2 == 0 ? "fr" : "en")},\"{i} quai des Meuniers, Belmarais\",{(i % 2 == 0 ? "woman" : "man")},{age},{(i % 4 == 0 ? Long : "Other")}");

    private static object Text(string english, string french) => new { en = english, fr = french };

    private static object Question(string kind, int? most, string english, string french, string[] options) =>
        new { kind, maxChoices = most, text = Text(english, french), hint = Text("There is no wrong answer.", "Il n’y a pas de mauvaise réponse."), options = options.Select(option => Text(option, option)) };

    private static byte[] Utf8(params string[] lines) => Encoding.UTF8.GetBytes(string.Join("\r\n", lines) + "\r\n");
}
