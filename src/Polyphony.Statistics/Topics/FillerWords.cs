namespace Polyphony.Statistics.Topics;

/// <summary>Words that hold sentences together and name nothing: articles, pronouns, prepositions, conjunctions, auxiliary verbs and the adverbs that go with everything.</summary>
/// <remarks>These classes are closed, so that a short list of three letters or more is nearly all of them. Statements are single sentences: counting alone cannot tell them from what a handful of statements is about.</remarks>
internal static class FillerWords
{
    private static readonly Dictionary<string, HashSet<string>> Lists = new(StringComparer.Ordinal)
    {
        ["en"] = Words(
            "the this that these those each every either neither both all any some such another other others own same many much more most few fewer less least several enough "
            + "you she her hers him his its our ours your yours they them their theirs who whom whose which what whatever whoever everybody everyone everything somebody someone something anybody anyone anything nobody none nothing "
            + "one ones myself yourself himself herself itself ourselves themselves "
            + "about above across after against along among around before behind below beneath beside besides between beyond despite down during except for from inside into like near off onto out outside over past per since than through throughout "
            + "till toward towards under until upon via with within without "
            + "and because but although though unless when whenever where wherever whether while nor yet how why "
            + "are was were been being has have had having does did doing done can cannot could may might must shall should will would ought get gets got getting make makes made making take takes taken taking come comes came put puts let lets "
            + "don doesn didn isn aren wasn weren hasn haven hadn wouldn couldn shouldn mustn "
            + "again almost already also always away back better best else even ever far here hence however instead just maybe never not now often once only perhaps quite rather really soon sooner still then there therefore thus together too twice very well worse worst"),
        ["fr"] = Words(
            "les des une aux cet cette ces mon ton son mes tes ses notre nos votre vos leur leurs tout toute tous toutes chaque plusieurs certain certaine certains certaines quelque quelques aucun aucune nul nulle autre autres tel telle tels telles même mêmes "
            + "moi toi lui elle elles ils nous vous eux soi celui celle ceux celles ceci cela que qui quoi dont quel quelle quels quelles lequel laquelle lesquels lesquelles duquel auquel auxquels quelqu personne rien "
            + "dans avec pour par sur sous sans chez vers entre contre depuis pendant avant après dès jusque jusqu lors selon malgré parmi hors outre près loin autour afin "
            + "mais donc car puis ensuite alors ainsi aussi comme quand lorsque lorsqu puisque puisqu parce tandis quoique comment pourquoi combien "
            + "suis est sommes êtes sont étais était étions étiez étaient serai seras sera serons serez seront serais serait serions seriez seraient sois soit soyons soyez soient fut furent été étant être "
            + "avons avez ont avais avait avions aviez avaient aurai auras aura aurons aurez auront aurais aurait aurions auriez auraient ait aies ayons ayez aient ayant avoir "
            + "fait fais font faire peux peut pouvons pouvez peuvent pouvait pouvaient pourra pourront pourrait pourraient puisse puissent pouvoir dois doit devons devez doivent devait devaient devra devront devrait devraient devrions devoir "
            + "faut faudra faudrait veux veut veulent vouloir vais vas vont aller "
            + "plus moins très trop peu beaucoup assez tant tellement autant presque plutôt mieux bien meilleur meilleure meilleurs meilleures pire pas jamais guère "
            + "ici déjà encore toujours souvent parfois maintenant aujourd hui seulement seul seule seuls seules ensemble non oui fois dehors dedans"),
    };

    /// <summary>Those of a language; none where no list is kept.</summary>
    public static IReadOnlySet<string> Of(string language) => Lists.TryGetValue(language.Split('-')[0], out var words) ? words : [];

    private static HashSet<string> Words(string list) => new(list.Split(' '), StringComparer.Ordinal);
}
