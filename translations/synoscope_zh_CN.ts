<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>About</name>
    <message>
        <source>A workbench that synthesises neural-network operators, lets you watch and steer the search, and exports what it finds.</source>
        <translation>合成神经网络算子的工作台：观察并引导搜索，导出找到的算子。</translation>
    </message>
    <message>
        <source>The method is that of “Syno: Structured Synthesis for Neural Operators” (ASPLOS 2025, arXiv 2410.23745).</source>
        <translation>方法来自论文“Syno: Structured Synthesis for Neural Operators”（ASPLOS 2025，arXiv 2410.23745）。</translation>
    </message>
    <message>
        <source>Libraries and their licences</source>
        <translation>所用的库及其许可证</translation>
    </message>
    <message>
        <source>public domain</source>
        <translation>公有领域</translation>
    </message>
    <message>
        <source>About Synoscope</source>
        <translation>关于 Synoscope</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
</context>
<context>
    <name>CandidateColumns</name>
    <message>
        <source>pruned</source>
        <translation>已剪枝</translation>
    </message>
    <message>
        <source>found</source>
        <translation>已找到</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>measuring</source>
        <translation>评估中</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>已评估</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>starred</source>
        <translation>已加星标</translation>
    </message>
    <message>
        <source>not starred</source>
        <translation>未加星标</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>星标</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Reward</source>
        <translation>奖励</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Speed-up</source>
        <translation>加速比</translation>
    </message>
    <message>
        <source>FLOPs ratio</source>
        <translation>FLOPs 比</translation>
    </message>
    <message>
        <source>FLOPs</source>
        <translation>FLOPs</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Primitives</source>
        <translation>原语</translation>
    </message>
    <message>
        <source>Iteration</source>
        <translation>迭代</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>哈希</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Starred by you</source>
        <translation>由您加星标</translation>
    </message>
    <message>
        <source>How far the evaluation has come</source>
        <translation>评估的进展</translation>
    </message>
    <message>
        <source>What the search was told, 0 to 1</source>
        <translation>反馈给搜索的值，0 到 1</translation>
    </message>
    <message>
        <source>Of the backbone with this operator in its slots</source>
        <translation>骨干网络装入该算子后的准确率</translation>
    </message>
    <message>
        <source>The baseline&apos;s latency divided by this operator&apos;s: above 1 is faster</source>
        <translation>基线延迟除以该算子的延迟：大于 1 表示更快</translation>
    </message>
    <message>
        <source>This operator&apos;s FLOPs divided by the baseline&apos;s: below 1 is cheaper</source>
        <translation>该算子的 FLOPs 除以基线的 FLOPs：小于 1 表示更省</translation>
    </message>
    <message>
        <source>Over all slots; one multiply-add counts 2</source>
        <translation>所有槽位合计；一次乘加计为 2</translation>
    </message>
    <message>
        <source>Of the search, when it was found</source>
        <translation>找到它时搜索所处的迭代</translation>
    </message>
    <message>
        <source>The canonical hash: equal operators have equal hashes</source>
        <translation>规范哈希：相同的算子哈希相同</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>已移除</translation>
    </message>
</context>
<context>
    <name>CandidateCommand</name>
    <message>
        <source>%1 candidates</source>
        <translation>%1 个候选</translation>
    </message>
    <message>
        <source>star %1</source>
        <translation>给 %1 加星标</translation>
    </message>
    <message>
        <source>take the star from %1</source>
        <translation>取消 %1 的星标</translation>
    </message>
    <message>
        <source>remove %1</source>
        <translation>移除 %1</translation>
    </message>
    <message>
        <source>bring back %1</source>
        <translation>恢复 %1</translation>
    </message>
    <message>
        <source>the note of %1</source>
        <translation>%1 的备注</translation>
    </message>
</context>
<context>
    <name>CandidateFilter</name>
    <message>
        <source>“%1” is no figure of a candidate: use one of %2.</source>
        <translation>“%1”不是候选的指标：请使用 %2 之一。</translation>
    </message>
    <message>
        <source>A number is expected after “%1”, such as 0.5, 60% or 12k.</source>
        <translation>“%1”之后应为数字，例如 0.5、60% 或 12k。</translation>
    </message>
    <message>
        <source>“%1” is no primitive: use one of %2.</source>
        <translation>“%1”不是原语：请使用 %2 之一。</translation>
    </message>
    <message>
        <source>A candidate cannot be “%1”: use one of %2.</source>
        <translation>候选不能是“%1”：请使用 %2 之一。</translation>
    </message>
</context>
<context>
    <name>ExportFormats</name>
    <message>
        <source>PyTorch module</source>
        <translation>PyTorch 模块</translation>
    </message>
    <message>
        <source>libtorch C++ module</source>
        <translation>libtorch C++ 模块</translation>
    </message>
    <message>
        <source>self-contained C++ kernels</source>
        <translation>自包含的 C++ 内核</translation>
    </message>
    <message>
        <source>Halide pipeline, scheduled</source>
        <translation>已调度的 Halide 流水线</translation>
    </message>
    <message>
        <source>TorchScript module of one layer</source>
        <translation>单层的 TorchScript 模块</translation>
    </message>
    <message>
        <source>ONNX model of one layer</source>
        <translation>单层的 ONNX 模型</translation>
    </message>
    <message>
        <source>dimension graph for Graphviz</source>
        <translation>Graphviz 维度图</translation>
    </message>
    <message>
        <source>dimension graph as a scalable picture</source>
        <translation>维度图（矢量图）</translation>
    </message>
    <message>
        <source>dimension graph as a picture of pixels</source>
        <translation>维度图（位图）</translation>
    </message>
    <message>
        <source>dimension graph as a page</source>
        <translation>维度图（页面）</translation>
    </message>
    <message>
        <source>formula</source>
        <translation>公式</translation>
    </message>
    <message>
        <source>formula in LaTeX</source>
        <translation>LaTeX 公式</translation>
    </message>
    <message>
        <source>loop nest in pseudo code</source>
        <translation>循环嵌套伪代码</translation>
    </message>
    <message>
        <source>plan: the tensor program step by step</source>
        <translation>计划：逐步的张量程序</translation>
    </message>
    <message>
        <source>pGraph</source>
        <translation>pGraph 文本</translation>
    </message>
    <message>
        <source>Which layer?</source>
        <translation>哪一层？</translation>
    </message>
    <message>
        <source>%1: its sizes are those of</source>
        <extracomment>%1 is an export format: &quot;ONNX model of one layer&quot;</extracomment>
        <translation>%1：采用以下层的尺寸</translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 天 %2 小时</translation>
    </message>
</context>
<context>
    <name>GraphView</name>
    <message>
        <source>input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>weight %1</source>
        <extracomment>%1 is the name of a weight tensor</extracomment>
        <translation>权重 %1</translation>
    </message>
    <message>
        <source>output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>%1, size %2, at %3, from %4 to %5</source>
        <extracomment>a dimension of a graph: %1 its name, %2 its size, %3 its coordinate expression, %4 and %5 what it joins</extracomment>
        <translation>%1，大小 %2，坐标 %3，从 %4 到 %5</translation>
    </message>
    <message>
        <source>Graphviz could not lay out the graph; is its dot plug-in installed (package libgvc6)?</source>
        <translation>Graphviz 无法布局该图；是否安装了 dot 插件（软件包 libgvc6）？</translation>
    </message>
    <message>
        <source>%1 %2 by %3</source>
        <extracomment>a primitive in words: %1 &quot;unfold&quot;, %2 the size of what it is applied to, %3 its parameter</extracomment>
        <translation>%1 %2，参数 %3</translation>
    </message>
    <message>
        <source>%1 %2 and %3</source>
        <extracomment>a primitive in words: %1 &quot;merge&quot;, %2 and %3 the sizes of what it joins</extracomment>
        <translation>%1 %2 与 %3</translation>
    </message>
    <message>
        <source>contract with %1</source>
        <extracomment>a step of the construction: %1 is the name of a weight tensor</extracomment>
        <translation>与 %1 缩并</translation>
    </message>
</context>
<context>
    <name>JobRow</name>
    <message>
        <source>training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>benchmark</source>
        <translation>基准测试</translation>
    </message>
    <message>
        <source>verification</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>proxy score</source>
        <translation>代理评分</translation>
    </message>
</context>
<context>
    <name>Kinds</name>
    <message>
        <source>split</source>
        <translation>split（拆分）</translation>
    </message>
    <message>
        <source>merge</source>
        <translation>merge（合并）</translation>
    </message>
    <message>
        <source>shift</source>
        <translation>shift（移位）</translation>
    </message>
    <message>
        <source>unfold</source>
        <translation>unfold（展开）</translation>
    </message>
    <message>
        <source>stride</source>
        <translation>stride（步进）</translation>
    </message>
    <message>
        <source>expand</source>
        <translation>expand（扩展）</translation>
    </message>
    <message>
        <source>share</source>
        <translation>share（共享）</translation>
    </message>
    <message>
        <source>reduce</source>
        <translation>reduce（归约）</translation>
    </message>
    <message>
        <source>contraction</source>
        <translation>contraction（缩并）</translation>
    </message>
    <message>
        <source>finalize</source>
        <translation>finalize（完成）</translation>
    </message>
    <message>
        <source>move</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Views one axis as two.</source>
        <translation>把一个轴看作两个轴。</translation>
    </message>
    <message>
        <source>Views two axes as one.</source>
        <translation>把两个轴看作一个轴。</translation>
    </message>
    <message>
        <source>Rolls an axis around.</source>
        <translation>循环移动一个轴。</translation>
    </message>
    <message>
        <source>Slides a window along an axis, with zeros around it.</source>
        <translation>沿轴滑动窗口，边缘补零。</translation>
    </message>
    <message>
        <source>Takes every S-th element of an axis.</source>
        <translation>沿轴每隔 S 取一个元素。</translation>
    </message>
    <message>
        <source>Adds an axis that repeats everything.</source>
        <translation>增加一个重复全部内容的轴。</translation>
    </message>
    <message>
        <source>Multiplies by a weight along an axis.</source>
        <translation>沿轴乘以权重。</translation>
    </message>
    <message>
        <source>Sums over an axis.</source>
        <translation>沿轴求和。</translation>
    </message>
    <message>
        <source>Multiplies by one new weight along several axes at once.</source>
        <translation>同时沿多个轴乘以一个新权重。</translation>
    </message>
    <message>
        <source>Assigns the axes to the input: the operator is complete.</source>
        <translation>把各轴分配给输入：算子完成。</translation>
    </message>
</context>
<context>
    <name>Picture</name>
    <message>
        <source>A picture&apos;s file name must end in .svg, .png or .pdf.</source>
        <translation>图片文件名必须以 .svg、.png 或 .pdf 结尾。</translation>
    </message>
    <message>
        <source>The picture could not be painted.</source>
        <translation>无法绘制图片。</translation>
    </message>
    <message>
        <source>The picture could not be written: %1</source>
        <translation>无法写入图片：%1</translation>
    </message>
</context>
<context>
    <name>ProblemFields</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>By which reports and lists know the problem</source>
        <translation>报告和列表中使用的名称</translation>
    </message>
    <message>
        <source>Image side</source>
        <translation>图像边长</translation>
    </message>
    <message>
        <source>pixels</source>
        <translation>像素</translation>
    </message>
    <message>
        <source>A square image; for a network on text, its tokens</source>
        <translation>方形图像；文本网络则为词元数</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>In the layers that are taken from the backbone</source>
        <translation>用于取自骨干网络的层</translation>
    </message>
    <message>
        <source>Output shape</source>
        <translation>输出形状</translation>
    </message>
    <message>
        <source>Sizes with commas between: N, C_out:unordered, H, 2*s. “:unordered” marks channels, which may stand in any order</source>
        <translation>以逗号分隔的尺寸：N, C_out:unordered, H, 2*s。“:unordered”标记通道，其顺序任意</translation>
    </message>
    <message>
        <source>Input shape</source>
        <translation>输入形状</translation>
    </message>
    <message>
        <source>Likewise; a name that no table lists is a new primary variable</source>
        <translation>同上；表中没有的名称是新的主变量</translation>
    </message>
    <message>
        <source>Fixed axes</source>
        <translation>固定轴</translation>
    </message>
    <message>
        <source>An input axis = the output axis that it becomes untouched, as N = N</source>
        <translation>输入轴 = 原样成为的输出轴，如 N = N</translation>
    </message>
    <message>
        <source>Interchangeable axes</source>
        <translation>可互换轴</translation>
    </message>
    <message>
        <source>Input axes whose exchange gives the same operator, as height and width: H = W</source>
        <translation>互换后得到同一算子的输入轴，如高与宽：H = W</translation>
    </message>
    <message>
        <source>at most</source>
        <translation>至多</translation>
    </message>
    <message>
        <source>Primitives of one operator; 0 forbids a kind</source>
        <translation>一个算子的原语；0 表示禁用该种</translation>
    </message>
    <message>
        <source>All together</source>
        <translation>合计</translation>
    </message>
    <message>
        <source>The depth of the search; a contraction counts as one. Each one more makes the space several times larger</source>
        <translation>搜索深度；一次缩并计为一个。每增加一个，空间扩大数倍</translation>
    </message>
    <message>
        <source>In a chain</source>
        <translation>链长</translation>
    </message>
    <message>
        <source>On any way from the output up to the input or a weight</source>
        <translation>从输出到输入或权重的任一路径上</translation>
    </message>
    <message>
        <source>Contractions</source>
        <translation>缩并</translation>
    </message>
    <message>
        <source>Weight tensors, each multiplied in at once</source>
        <translation>权重张量，各一次乘入</translation>
    </message>
    <message>
        <source>Reductions</source>
        <translation>归约</translation>
    </message>
    <message>
        <source>Splits</source>
        <translation>拆分</translation>
    </message>
    <message>
        <source>Merges</source>
        <translation>合并</translation>
    </message>
    <message>
        <source>Shifts</source>
        <translation>移位</translation>
    </message>
    <message>
        <source>Strides</source>
        <translation>步进</translation>
    </message>
    <message>
        <source>Unfolds</source>
        <translation>展开</translation>
    </message>
    <message>
        <source>Expands</source>
        <translation>扩展</translation>
    </message>
    <message>
        <source>Outer axes of contractions, and repeats</source>
        <translation>缩并的外轴以及重复</translation>
    </message>
    <message>
        <source>of the backbone&apos;s</source>
        <translation>× 骨干网络</translation>
    </message>
    <message>
        <source>Costs in the backbone, all layers together</source>
        <translation>在骨干网络中的开销，所有层合计</translation>
    </message>
    <message>
        <source>FLOPs, least</source>
        <translation>FLOPs 下限</translation>
    </message>
    <message>
        <source>0.15: the backbone with the operator in it has at least 15 % of the FLOPs it had</source>
        <translation>0.15：装入算子后的骨干网络至少有原来 15 % 的 FLOPs</translation>
    </message>
    <message>
        <source>FLOPs, most</source>
        <translation>FLOPs 上限</translation>
    </message>
    <message>
        <source>1: no more than the backbone had</source>
        <translation>1：不超过骨干网络原有的</translation>
    </message>
    <message>
        <source>Parameters, most</source>
        <translation>参数上限</translation>
    </message>
    <message>
        <source>numbers</source>
        <translation>个</translation>
    </message>
    <message>
        <source>In the weights of all layers; 0: no limit</source>
        <translation>所有层的权重；0：无限制</translation>
    </message>
    <message>
        <source>Memory, most</source>
        <translation>内存上限</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>For the tensors of the layer that needs most; 0: no limit</source>
        <translation>占用最多的一层的张量；0：无限制</translation>
    </message>
    <message>
        <source>A weight, least</source>
        <translation>权重下限</translation>
    </message>
    <message>
        <source>Smaller weights could learn too little to be worth a contraction</source>
        <translation>更小的权重学不到多少，不值得一次缩并</translation>
    </message>
    <message>
        <source>Sizes</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Variables in a size</source>
        <translation>尺寸中的变量</translation>
    </message>
    <message>
        <source>C_in*k/g has three</source>
        <translation>C_in*k/g 有三个</translation>
    </message>
    <message>
        <source>Powers in a size</source>
        <translation>尺寸中的幂次</translation>
    </message>
    <message>
        <source>The exponents of a size together, whatever their signs: k^2/g has three</source>
        <translation>尺寸中指数的绝对值之和：k^2/g 为三</translation>
    </message>
    <message>
        <source>Outer axes together</source>
        <translation>外轴之积</translation>
    </message>
    <message>
        <source>elements</source>
        <translation>元素</translation>
    </message>
    <message>
        <source>The largest product of all outer axes: what broadcasting may add</source>
        <translation>所有外轴之积的上限：广播可增加的量</translation>
    </message>
    <message>
        <source>Low rank, least</source>
        <translation>低秩下限</translation>
    </message>
    <message>
        <source>An outer axis that is summed later is a low rank: smaller ones lose too much</source>
        <translation>随后被求和的外轴是低秩：太小则损失过多</translation>
    </message>
    <message>
        <source>Low rank, most</source>
        <translation>低秩上限</translation>
    </message>
    <message>
        <source>Larger ones cost without need</source>
        <translation>更大则徒增开销</translation>
    </message>
    <message>
        <source>Pooling</source>
        <translation>池化</translation>
    </message>
    <message>
        <source>times</source>
        <translation>倍</translation>
    </message>
    <message>
        <source>How many elements may be summed without a weight, all sums together</source>
        <translation>不经权重求和的元素数上限，所有求和合计</translation>
    </message>
    <message>
        <source>× the input</source>
        <translation>× 输入</translation>
    </message>
    <message>
        <source>The product of all reductions against the elements of the input</source>
        <translation>所有归约之积与输入元素数之比</translation>
    </message>
    <message>
        <source>Repeats</source>
        <translation>重复</translation>
    </message>
    <message>
        <source>copies</source>
        <translation>份</translation>
    </message>
    <message>
        <source>The largest product of all repeats; 1: none</source>
        <translation>所有重复之积的上限；1：无</translation>
    </message>
    <message>
        <source>Tiling</source>
        <translation>平铺</translation>
    </message>
    <message>
        <source>Repeats may also put whole copies one after the other</source>
        <translation>重复也可以把整份副本依次排列</translation>
    </message>
    <message>
        <source>Windows and shifts</source>
        <translation>窗口与移位</translation>
    </message>
    <message>
        <source>A window, most</source>
        <translation>窗口上限</translation>
    </message>
    <message>
        <source>The widest window of an unfold</source>
        <translation>展开的最宽窗口</translation>
    </message>
    <message>
        <source>An axis</source>
        <translation>轴长</translation>
    </message>
    <message>
        <source>× its window</source>
        <translation>× 窗口</translation>
    </message>
    <message>
        <source>An axis is at least this many times as long as a window on it, or most of it is border</source>
        <translation>轴长至少是其上窗口的若干倍，否则大部分是边缘</translation>
    </message>
    <message>
        <source>Odd windows only</source>
        <translation>仅奇数窗口</translation>
    </message>
    <message>
        <source>So that a window has a middle</source>
        <translation>使窗口有中心</translation>
    </message>
    <message>
        <source>Blocks that shifts meet</source>
        <translation>移位遇到的块</translation>
    </message>
    <message>
        <source>A shift by one hardly matters next to a split or merge with larger blocks</source>
        <translation>若拆分或合并的块更大，移一位几乎没有影响</translation>
    </message>
    <message>
        <source>of the baseline&apos;s</source>
        <translation>× 基线</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Up to this share the reward is whole</source>
        <translation>不超过此份额时奖励为满值</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Above the target the reward falls as (target / share) ^ weight; 0: not at all</source>
        <translation>超过目标后奖励按 (目标 / 份额) ^ 权重 下降；0：不下降</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>限制</translation>
    </message>
    <message>
        <source>Above this share there is no reward; empty: none</source>
        <translation>超过此份额时没有奖励；留空：无限制</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Floor</source>
        <translation>下限</translation>
    </message>
    <message>
        <source>share of all</source>
        <translation>份额</translation>
    </message>
    <message>
        <source>Up to this accuracy there is no reward: 0.4 is 40 %</source>
        <translation>准确率不超过此值时没有奖励：0.4 即 40 %</translation>
    </message>
    <message>
        <source>Ceiling</source>
        <translation>上限</translation>
    </message>
    <message>
        <source>From this accuracy on the reward is whole</source>
        <translation>准确率达到此值时奖励为满值</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>幂</translation>
    </message>
    <message>
        <source>How steeply the reward rises between the two: 1 is a straight line</source>
        <translation>奖励在两者之间上升的陡峭程度：1 为直线</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>FLOPs</source>
        <translation>FLOPs</translation>
    </message>
</context>
<context>
    <name>ReachPicture</name>
    <message>
        <source>%1 to %2</source>
        <translation>%1 到 %2</translation>
    </message>
    <message>
        <source>Receptive field</source>
        <translation>感受野</translation>
    </message>
    <message>
        <source>Channels, output by input</source>
        <translation>通道：输出对输入</translation>
    </message>
    <message>
        <source>Places, output by input</source>
        <translation>位置：输出对输入</translation>
    </message>
    <message>
        <source>%1 of %2 pairs are connected</source>
        <translation>%2 对中有 %1 相连</translation>
    </message>
    <message>
        <source>It reads nothing.</source>
        <translation>它不读取任何内容。</translation>
    </message>
    <message>
        <source>%1 of %2 places: rows %3, columns %4</source>
        <extracomment>9 of 56 × 56 places: rows −1 to +1, columns −1 to +1 (of the place that is computed)</extracomment>
        <translation>%2 个位置中的 %1 个：行 %3，列 %4</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>%1 (#%2)</source>
        <translation>%1（#%2）</translation>
    </message>
    <message>
        <source>There is no open experiment.</source>
        <translation>没有打开的实验。</translation>
    </message>
    <message>
        <source>%1, %2 MFLOP in its slots</source>
        <translation>%1，槽位共 %2 MFLOP</translation>
    </message>
    <message>
        <source>Imported %1; it is being evaluated.</source>
        <translation>已导入 %1，正在评估。</translation>
    </message>
    <message>
        <source>No move of the search is of this kind.</source>
        <translation>搜索中没有这种步骤。</translation>
    </message>
    <message>
        <source>the unchanged backbone</source>
        <translation>未改动的骨干网络</translation>
    </message>
    <message>
        <source>The file cannot be written: %1.</source>
        <translation>无法写入文件：%1。</translation>
    </message>
    <message>
        <source>There is no export format %1.</source>
        <translation>没有名为 %1 的导出格式。</translation>
    </message>
    <message>
        <source>Exported to %1</source>
        <translation>已导出到 %1</translation>
    </message>
    <message>
        <source>Only the PyTorch export carries a self-check that can be run here.</source>
        <translation>只有 PyTorch 导出带有可在此运行的自检。</translation>
    </message>
    <message>
        <source>The exported code failed its self-check.</source>
        <translation>导出的代码未通过自检。</translation>
    </message>
    <message>
        <source>everywhere</source>
        <translation>全局</translation>
    </message>
    <message>
        <source>below #%1</source>
        <translation>#%1 之下</translation>
    </message>
    <message>
        <source>the node #%1</source>
        <translation>节点 #%1</translation>
    </message>
    <message>
        <source>%1 with size %2</source>
        <translation>%1，大小 %2</translation>
    </message>
    <message>
        <source>accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>%1 the baseline&apos;s speed</source>
        <translation>基线速度的 %1</translation>
    </message>
    <message>
        <source>operator %1, to epoch %2</source>
        <translation>算子 %1，到第 %2 轮</translation>
    </message>
    <message>
        <source>operator %1</source>
        <translation>算子 %1</translation>
    </message>
    <message>
        <source>%1 of %2 rewards have changed.</source>
        <translation>%2 个奖励中有 %1 个已改变。</translation>
    </message>
    <message>
        <source>%1 The best is %2 with %3.</source>
        <translation>%1最好的是 %2，奖励 %3。</translation>
    </message>
    <message>
        <source>, 1 thread</source>
        <translation>，1 个线程</translation>
    </message>
    <message>
        <source>, %1 threads</source>
        <translation>，%1 个线程</translation>
    </message>
</context>
<context>
    <name>SpaceTexts</name>
    <message>
        <source>The size of the space is estimated when the problem is complete.</source>
        <translation>问题完整后会估计空间的大小。</translation>
    </message>
    <message>
        <source>Operators in this space: …</source>
        <translation>此空间中的算子：…</translation>
    </message>
    <message>
        <source>No operator fits into these limits.</source>
        <translation>没有算子符合这些限制。</translation>
    </message>
    <message>
        <source>Operators in this space: %1, all found in %2</source>
        <translation>此空间中的算子：%1 个，全部在 %2 内找到</translation>
    </message>
    <message>
        <source>Operators in this space: about %1 (%2 to %3)</source>
        <translation>此空间中的算子：约 %1 个（%2 至 %3）</translation>
    </message>
    <message>
        <source>No operator was found: the limits may be too tight.</source>
        <translation>没有找到算子：限制可能过严。</translation>
    </message>
    <message>
        <source>Operators in this space: more than %1; a longer sample says how many</source>
        <translation>此空间中的算子：多于 %1 个；采样更久可得出估计</translation>
    </message>
    <message>
        <source>Operators in this space: %1 so far…</source>
        <translation>此空间中的算子：目前 %1 个…</translation>
    </message>
    <message>
        <source>%1 of %2 rollouts ended in an operator</source>
        <extracomment>%1: share, %2: number</extracomment>
        <translation>%2 次随机展开中有 %1 得到算子</translation>
    </message>
    <message>
        <source>%1 a second</source>
        <translation>每秒 %1 个</translation>
    </message>
    <message>
        <source>the size is an order of magnitude, from random parts of the space</source>
        <translation>大小仅为数量级，由空间的随机部分得出</translation>
    </message>
</context>
<context>
    <name>SteeringCommand</name>
    <message>
        <source>node #%1</source>
        <translation>节点 #%1</translation>
    </message>
    <message>
        <source>%1 by %2</source>
        <extracomment>A primitive with a size: &quot;unfold by k&quot;</extracomment>
        <translation>%1，参数 %2</translation>
    </message>
    <message>
        <source>prune %1</source>
        <translation>剪除 %1</translation>
    </message>
    <message>
        <source>pin %1</source>
        <translation>固定 %1</translation>
    </message>
    <message>
        <source>%1 below #%2</source>
        <translation>%1（在 #%2 之下）</translation>
    </message>
    <message>
        <source>lift %1</source>
        <translation>解除：%1</translation>
    </message>
</context>
<context>
    <name>TreeView</name>
    <message>
        <source>Visits</source>
        <translation>访问次数</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>深度</translation>
    </message>
    <message>
        <source>Mean reward</source>
        <translation>平均奖励</translation>
    </message>
    <message>
        <source>output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>children %1</source>
        <translation>子节点 %1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <extracomment>%1 is the state of a node in the search tree, %2 the reason for it</extracomment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>exhausted</source>
        <translation>已穷尽</translation>
    </message>
    <message>
        <source>pruned</source>
        <translation>已剪枝</translation>
    </message>
    <message>
        <source>pinned</source>
        <translation>已固定</translation>
    </message>
    <message>
        <source>complete operator</source>
        <translation>完整算子</translation>
    </message>
    <message>
        <source>open</source>
        <translation>开放</translation>
    </message>
    <message>
        <source>output (where the synthesis starts)</source>
        <translation>输出（合成的起点）</translation>
    </message>
    <message>
        <source>%1, %2, level %3, visits %4, mean reward %5, best %6, %7</source>
        <translation>%1，%2，第 %3 层，访问 %4 次，平均奖励 %5，最佳 %6，%7</translation>
    </message>
    <message>
        <source>Best reward</source>
        <translation>最佳奖励</translation>
    </message>
    <message>
        <source>Nodes below</source>
        <translation>下方节点数</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation>候选</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>A workbench that synthesises neural-network operators.</source>
        <translation>合成神经网络算子的工作台。</translation>
    </message>
    <message>
        <source>An experiment, a problem or an operator to open.</source>
        <translation>要打开的实验、问题或算子。</translation>
    </message>
    <message>
        <source>Start the search at once.</source>
        <translation>立即开始搜索。</translation>
    </message>
    <message>
        <source>Make FILE a new experiment on this problem.</source>
        <translation>以该问题在 FILE 中新建实验。</translation>
    </message>
    <message>
        <source>Save a picture of the window, then quit.</source>
        <translation>保存窗口图片后退出。</translation>
    </message>
    <message>
        <source>Seconds before the picture is taken (3).</source>
        <translation>截图前等待的秒数（3）。</translation>
    </message>
    <message>
        <source>--problem needs a FILE for the new experiment.
</source>
        <translation>--problem 需要一个 FILE 存放新实验。
</translation>
    </message>
    <message>
        <source>The picture cannot be written to “%1”.</source>
        <translation>无法把图片写入“%1”。</translation>
    </message>
</context>
<context>
    <name>synoscope::CandidatesView</name>
    <message>
        <source>Candidates</source>
        <translation>候选</translation>
    </message>
    <message>
        <source>Filter: flops&lt;0.5 has:unfold is:starred …</source>
        <translation>筛选：flops&lt;0.5 has:unfold is:starred …</translation>
    </message>
    <message>
        <source>No candidates yet</source>
        <translation>还没有候选</translation>
    </message>
    <message>
        <source>Operators that the search finds appear here, each stored before it is shown.</source>
        <translation>搜索找到的算子显示在这里，每个都先存储再显示。</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Filter the candidates</source>
        <translation>筛选候选</translation>
    </message>
    <message>
        <source>Show all candidates again</source>
        <translation>重新显示全部候选</translation>
    </message>
    <message>
        <source>Number of candidates</source>
        <translation>候选数量</translation>
    </message>
    <message>
        <source>Choose the columns</source>
        <translation>选择列</translation>
    </message>
    <message>
        <source>Compare the selected operators</source>
        <translation>比较所选算子</translation>
    </message>
    <message>
        <source>Ctrl+D</source>
        <translation>Ctrl+D</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>星标</translation>
    </message>
    <message>
        <source>S</source>
        <translation>S</translation>
    </message>
    <message>
        <source>Edit the note</source>
        <translation>编辑备注</translation>
    </message>
    <message>
        <source>Show in the search tree</source>
        <translation>在搜索树中显示</translation>
    </message>
    <message>
        <source>T</source>
        <translation>T</translation>
    </message>
    <message>
        <source>Export the operator…</source>
        <translation>导出算子…</translation>
    </message>
    <message>
        <source>Copy the hash</source>
        <translation>复制哈希</translation>
    </message>
    <message>
        <source>Save the table as CSV…</source>
        <translation>把表格保存为 CSV…</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>No candidate passes the filter</source>
        <translation>没有候选符合筛选条件</translation>
    </message>
    <message>
        <source>Escape in the filter line shows all of them again.</source>
        <translation>在筛选栏按 Esc 可重新显示全部。</translation>
    </message>
    <message>
        <source>The table cannot be written to “%1”: %2.</source>
        <translation>无法把表格写入“%1”：%2。</translation>
    </message>
    <message>
        <source>Compare the two selected operators</source>
        <translation>比较所选的两个算子</translation>
    </message>
    <message>
        <source>Select two candidates to compare them</source>
        <translation>选择两个候选进行比较</translation>
    </message>
    <message>
        <source>Save the table</source>
        <translation>保存表格</translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation>逗号分隔值 (*.csv)</translation>
    </message>
    <message>
        <source>Saved filters</source>
        <translation>已保存的筛选</translation>
    </message>
    <message>
        <source>&lt;p&gt;All terms must hold; &lt;b&gt;-&lt;/b&gt; before a term turns it round.&lt;/p&gt;&lt;p&gt;&lt;b&gt;text&lt;/b&gt; in the name, hash or note&lt;br&gt;&lt;b&gt;flops&amp;lt;0.5 speedup&amp;gt;1.2 accuracy&amp;gt;60% params&amp;lt;10k reward&amp;gt;0&lt;/b&gt;&lt;br&gt;&lt;b&gt;has:unfold&lt;/b&gt; contains the primitive&lt;br&gt;&lt;b&gt;is:starred is:pruned is:noted is:removed is:measured is:failed&lt;/b&gt;&lt;/p&gt;</source>
        <translation>&lt;p&gt;所有条件须同时成立；条件前加 &lt;b&gt;-&lt;/b&gt; 表示取反。&lt;/p&gt;&lt;p&gt;&lt;b&gt;文字&lt;/b&gt;：名称、哈希或备注中包含&lt;br&gt;&lt;b&gt;flops&amp;lt;0.5 speedup&amp;gt;1.2 accuracy&amp;gt;60% params&amp;lt;10k reward&amp;gt;0&lt;/b&gt;&lt;br&gt;&lt;b&gt;has:unfold&lt;/b&gt;：包含该原语&lt;br&gt;&lt;b&gt;is:starred is:pruned is:noted is:removed is:measured is:failed&lt;/b&gt;&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Save the current filter</source>
        <translation>保存当前筛选</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Bring back</source>
        <translation>恢复</translation>
    </message>
</context>
<context>
    <name>synoscope::CodeView</name>
    <message>
        <source>No operator selected</source>
        <translation>未选择算子</translation>
    </message>
    <message>
        <source>Select a candidate to read its code and its formula.</source>
        <translation>选择一个候选以查看其代码和公式。</translation>
    </message>
    <message>
        <source>Copy the code</source>
        <translation>复制代码</translation>
    </message>
    <message>
        <source>Save the code…</source>
        <translation>保存代码…</translation>
    </message>
    <message>
        <source>Verify against the reference</source>
        <translation>对照参考解释器验证</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>There is no code to save.</source>
        <translation>没有可保存的代码。</translation>
    </message>
    <message>
        <source>The code cannot be written to “%1”: %2.</source>
        <translation>无法把代码写入“%1”：%2。</translation>
    </message>
    <message>
        <source>Save the code</source>
        <translation>保存代码</translation>
    </message>
    <message>
        <source>Being verified…</source>
        <translation>正在验证…</translation>
    </message>
    <message>
        <source>Cancel the verification</source>
        <translation>取消验证</translation>
    </message>
</context>
<context>
    <name>synoscope::CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Type the name of a command</source>
        <translation>输入命令名称</translation>
    </message>
    <message>
        <source>Name of a command</source>
        <translation>命令名称</translation>
    </message>
    <message>
        <source>%1   (%2)</source>
        <translation>%1   (%2)</translation>
    </message>
</context>
<context>
    <name>synoscope::ComparisonLegend</name>
    <message>
        <source>Legend of the comparison</source>
        <translation>比较的图例</translation>
    </message>
    <message>
        <source>1 primitive shared</source>
        <translation>1 个共有原语</translation>
    </message>
    <message>
        <source>%1 primitives shared</source>
        <translation>%1 个共有原语</translation>
    </message>
    <message>
        <source>%1 only in A</source>
        <translation>仅 A 有 %1 个</translation>
    </message>
    <message>
        <source>%1 only in B</source>
        <translation>仅 B 有 %1 个</translation>
    </message>
    <message>
        <source>, </source>
        <extracomment>between the parts of a list</extracomment>
        <translation>，</translation>
    </message>
</context>
<context>
    <name>synoscope::ConstraintList</name>
    <message>
        <source>Active constraints</source>
        <translation>生效的约束</translation>
    </message>
    <message>
        <source>Nothing is pinned or pruned</source>
        <translation>没有固定或剪枝</translation>
    </message>
    <message>
        <source>Use the switches above, or right-click a node of the search tree.</source>
        <translation>使用上面的开关，或右键单击搜索树的节点。</translation>
    </message>
    <message>
        <source>Pinned: %1, %2</source>
        <extracomment>for screen readers: what is pinned or pruned, and where</extracomment>
        <translation>已固定：%1，%2</translation>
    </message>
    <message>
        <source>Pruned: %1, %2</source>
        <translation>已剪枝：%1，%2</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>已固定</translation>
    </message>
    <message>
        <source>Pruned</source>
        <translation>已剪枝</translation>
    </message>
    <message>
        <source>%1 (since %2)</source>
        <translation>%1（自 %2）</translation>
    </message>
    <message>
        <source>Lift this constraint</source>
        <translation>解除该约束</translation>
    </message>
    <message>
        <source>Lift %1</source>
        <translation>解除 %1</translation>
    </message>
</context>
<context>
    <name>synoscope::Docks</name>
    <message>
        <source>Primitives</source>
        <translation>原语</translation>
    </message>
    <message>
        <source>Dimension graph</source>
        <translation>维度图</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>检视器</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Candidates</source>
        <translation>候选</translation>
    </message>
    <message>
        <source>Pareto front</source>
        <translation>帕累托前沿</translation>
    </message>
    <message>
        <source>Rewards</source>
        <translation>奖励</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>直方图</translation>
    </message>
</context>
<context>
    <name>synoscope::ErrorBar</name>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Dismiss (Escape)</source>
        <translation>关闭 (Esc)</translation>
    </message>
    <message>
        <source>Dismiss the message</source>
        <translation>关闭消息</translation>
    </message>
    <message numerus="yes">
        <source>%1 (%n times)</source>
        <translation>
            <numerusform>%1（%n 次）</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 (%n more)</source>
        <translation>
            <numerusform>%1（另有 %n 条）</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>synoscope::GraphCanvas</name>
    <message>
        <source>Dimension graph</source>
        <translation>维度图</translation>
    </message>
    <message>
        <source>Arrow keys move between dimensions.</source>
        <translation>方向键在维度之间移动。</translation>
    </message>
    <message>
        <source>Scroll across</source>
        <translation>横向滚动</translation>
    </message>
    <message>
        <source>Scroll down</source>
        <translation>纵向滚动</translation>
    </message>
</context>
<context>
    <name>synoscope::GraphReplay</name>
    <message>
        <source>Replay: a step back ([)</source>
        <translation>回放：后退一步（[）</translation>
    </message>
    <message>
        <source>Replay: a step forward (])</source>
        <translation>回放：前进一步（]）</translation>
    </message>
    <message>
        <source>Replay the construction</source>
        <translation>回放构造过程</translation>
    </message>
    <message>
        <source>Replay of the construction</source>
        <translation>构造过程的回放</translation>
    </message>
    <message>
        <source>0 of %1: the output</source>
        <translation>0 / %1：输出</translation>
    </message>
    <message>
        <source>%1 of %2: %3</source>
        <extracomment>a step of the replay: %1 its number, %2 how many there are, %3 what it adds</extracomment>
        <translation>%1 / %2：%3</translation>
    </message>
</context>
<context>
    <name>synoscope::GraphView</name>
    <message>
        <source>Point at a line or an axis to see its coordinate.</source>
        <translation>指向连线或轴以查看其坐标。</translation>
    </message>
    <message>
        <source>Sizes</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Sizes as symbols, or as the numbers of one layer</source>
        <translation>以符号或某一层的数值显示大小</translation>
    </message>
    <message>
        <source>Zoom in (+)</source>
        <translation>放大 (+)</translation>
    </message>
    <message>
        <source>Zoom out (-)</source>
        <translation>缩小 (-)</translation>
    </message>
    <message>
        <source>Save as picture...</source>
        <translation>另存为图片...</translation>
    </message>
    <message>
        <source>No operator is selected</source>
        <translation>未选择算子</translation>
    </message>
    <message>
        <source>Select a candidate, or open a .pgraph file, to see how its dimensions flow from input to output.</source>
        <translation>选择一个候选或打开 .pgraph 文件，查看各维度如何从输入流向输出。</translation>
    </message>
    <message>
        <source>Laying out the graph...</source>
        <translation>正在布局...</translation>
    </message>
    <message>
        <source>Symbolic sizes</source>
        <translation>符号大小</translation>
    </message>
    <message>
        <source>The graph cannot be shown</source>
        <translation>无法显示该图</translation>
    </message>
    <message>
        <source>There is no graph to save.</source>
        <translation>没有可保存的图。</translation>
    </message>
    <message>
        <source>Save the graph as a picture</source>
        <translation>把图保存为图片</translation>
    </message>
    <message>
        <source>Fit the graph; once more: all of it, however small (0)</source>
        <translation>适合窗口；再按一次：不论多小都显示全图 (0)</translation>
    </message>
    <message>
        <source>Laying out the graphs...</source>
        <translation>正在排布两幅图…</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <extracomment>what a dimension is, in a comparison: %1 its operator, A or B</extracomment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>A</source>
        <translation>A</translation>
    </message>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
    <message>
        <source>A: %1</source>
        <extracomment>the heading of one of two compared operators: %1 is its name</extracomment>
        <translation>A：%1</translation>
    </message>
    <message>
        <source>B: %1</source>
        <translation>B：%1</translation>
    </message>
    <message>
        <source>%1: %2. Arrow keys move between dimensions.</source>
        <translation>%1：%2。方向键在各维度间移动。</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <extracomment>of a picture of two operators</extracomment>
        <translation>%1 与 %2</translation>
    </message>
</context>
<context>
    <name>synoscope::HistogramPlot</name>
    <message>
        <source>Histogram</source>
        <translation>直方图</translation>
    </message>
    <message>
        <source>Nothing to count yet</source>
        <translation>还没有可统计的内容</translation>
    </message>
    <message>
        <source>How many candidates have which reward, accuracy, speed-up or cost.</source>
        <translation>各个奖励、准确率、加速比或开销上有多少候选。</translation>
    </message>
    <message>
        <source>Reward</source>
        <translation>奖励</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Speed-up</source>
        <translation>加速比</translation>
    </message>
    <message>
        <source>FLOPs ratio</source>
        <translation>FLOPs 比</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Figure that is counted</source>
        <translation>统计的指标</translation>
    </message>
    <message>
        <source>candidates</source>
        <translation>候选</translation>
    </message>
    <message>
        <source>%1 %2 to %3</source>
        <translation>%1 %2 到 %3</translation>
    </message>
    <message>
        <source>the selected one</source>
        <translation>选中的候选</translation>
    </message>
    <message>
        <source>reward</source>
        <translation>奖励</translation>
    </message>
    <message>
        <source>accuracy, %</source>
        <translation>准确率，%</translation>
    </message>
    <message>
        <source>speed-up over the baseline, ×</source>
        <translation>相对基线的加速比，×</translation>
    </message>
    <message>
        <source>FLOPs, share of the baseline&apos;s</source>
        <translation>FLOPs，占基线的比例</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>%1: one candidate</source>
        <translation>%1：1 个候选</translation>
    </message>
    <message>
        <source>%1: %2 candidates</source>
        <translation>%1：%2 个候选</translation>
    </message>
</context>
<context>
    <name>synoscope::InspectorView</name>
    <message>
        <source>FLOPs</source>
        <translation>FLOPs</translation>
    </message>
    <message>
        <source>Ratio</source>
        <extracomment>FLOPs as a share of the baseline&apos;s</extracomment>
        <translation>比值</translation>
    </message>
    <message>
        <source>Params</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Moved</source>
        <translation>访存</translation>
    </message>
    <message>
        <source>Peak</source>
        <translation>峰值</translation>
    </message>
    <message>
        <source>%1 (%2 times)</source>
        <translation>%1（%2 次）</translation>
    </message>
    <message>
        <source>Costs</source>
        <translation>开销</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>First layer</source>
        <translation>第一层</translation>
    </message>
    <message>
        <source>Way through the tree</source>
        <translation>在树中的路径</translation>
    </message>
    <message>
        <source>Nothing measured yet.</source>
        <translation>尚无测量。</translation>
    </message>
    <message>
        <source>No operator selected</source>
        <translation>未选择算子</translation>
    </message>
    <message>
        <source>Select a candidate to see its formula, its costs and its measurements.</source>
        <translation>选择一个候选以查看其公式、开销和测量结果。</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>检视器</translation>
    </message>
    <message>
        <source>Formula</source>
        <translation>公式</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1 与 %2</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>second to first</source>
        <translation>后者比前者</translation>
    </message>
    <message>
        <source>%1: FLOPs</source>
        <translation>%1：FLOPs</translation>
    </message>
    <message>
        <source>%1: parameters</source>
        <translation>%1：参数量</translation>
    </message>
    <message>
        <source>Formula of %1</source>
        <translation>%1 的公式</translation>
    </message>
    <message>
        <source>Weights of %1</source>
        <translation>%1 的权重</translation>
    </message>
    <message>
        <source>Measurements of %1</source>
        <translation>%1 的测量</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>Baseline</source>
        <translation>基线</translation>
    </message>
    <message>
        <source>Speed-up</source>
        <translation>加速比</translation>
    </message>
    <message>
        <source>95 % within</source>
        <translation>95 % 区间</translation>
    </message>
    <message>
        <source>the whole network, one pass</source>
        <translation>整个网络，一次前向</translation>
    </message>
    <message>
        <source>Latency by layer</source>
        <translation>各层延迟</translation>
    </message>
    <message>
        <source>Latency of %1 by layer</source>
        <translation>%1 的各层延迟</translation>
    </message>
    <message>
        <source>What it reads, in the first layer</source>
        <translation>它在第一层中读取什么</translation>
    </message>
    <message>
        <source>What %1 reads, in the first layer</source>
        <translation>%1 在第一层中读取什么</translation>
    </message>
</context>
<context>
    <name>synoscope::JobsView</name>
    <message>
        <source>Job</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>剩余</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Show the log</source>
        <translation>显示日志</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Which jobs are shown</source>
        <translation>显示哪些任务</translation>
    </message>
    <message>
        <source>Select a job to read its log.</source>
        <translation>选择一个任务以查看日志。</translation>
    </message>
    <message>
        <source>Log of the job</source>
        <translation>任务日志</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Show the log of the selected job</source>
        <translation>显示所选任务的日志</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>No jobs</source>
        <translation>没有任务</translation>
    </message>
    <message>
        <source>Trainings, benchmarks and exports are listed here while they run and after.</source>
        <translation>训练、基准测试和导出在运行时和结束后列在这里。</translation>
    </message>
    <message>
        <source>%1 running, %2 queued, %3 failed</source>
        <extracomment>Numbers of jobs, for example &quot;2 running, 14 queued, 1 failed&quot;</extracomment>
        <translation>%1 个运行中，%2 个排队，%3 个失败</translation>
    </message>
    <message>
        <source>Of</source>
        <extracomment>The heading of what a job works on: an operator, or the unchanged backbone</extracomment>
        <translation>对象</translation>
    </message>
    <message>
        <source>Every kind</source>
        <translation>所有种类</translation>
    </message>
    <message>
        <source>Which kind of jobs is shown</source>
        <translation>显示哪一种任务</translation>
    </message>
</context>
<context>
    <name>synoscope::KindRows</name>
    <message>
        <source>Move</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Moves</source>
        <translation>步骤数</translation>
    </message>
    <message>
        <source>Nodes of the tree that such a move leads to</source>
        <translation>由这种步骤到达的树节点数</translation>
    </message>
    <message>
        <source>Candidates</source>
        <translation>候选</translation>
    </message>
    <message>
        <source>Operators found so far that contain it</source>
        <translation>目前找到的含有它的算子数</translation>
    </message>
    <message>
        <source>Pin %1: every operator must contain it</source>
        <translation>固定 %1：每个算子都必须包含它</translation>
    </message>
    <message>
        <source>Prune %1: no operator may contain it</source>
        <translation>剪除 %1：任何算子都不得包含它</translation>
    </message>
</context>
<context>
    <name>synoscope::LatencyPlot</name>
    <message>
        <source>Latency by layer</source>
        <translation>各层延迟</translation>
    </message>
    <message>
        <source>No latency measured</source>
        <translation>尚未测量延迟</translation>
    </message>
    <message>
        <source>Select a candidate that was measured: its speed in each layer and in the whole network appears here.</source>
        <translation>选择一个已测量的候选：这里显示它在每一层和整个网络中的速度。</translation>
    </message>
    <message>
        <source>faster than the baseline</source>
        <translation>比基线快</translation>
    </message>
    <message>
        <source>slower</source>
        <translation>较慢</translation>
    </message>
    <message>
        <source>speed-up over the baseline, ×</source>
        <translation>相对基线的加速比，×</translation>
    </message>
    <message>
        <source>the whole network</source>
        <translation>整个网络</translation>
    </message>
    <message>
        <source>%1 (%2 times)</source>
        <translation>%1（%2 次）</translation>
    </message>
    <message>
        <source>%1
%2 in %3, the baseline in %4: %5 its speed</source>
        <translation>%1
%2：%3，基线 %4：速度为其 %5</translation>
    </message>
    <message>
        <source>between %1 and %2 with a confidence of 95 %</source>
        <translation>置信度 95 % 下介于 %1 与 %2 之间</translation>
    </message>
    <message>
        <source>network</source>
        <translation>网络</translation>
    </message>
</context>
<context>
    <name>synoscope::LayersTable</name>
    <message>
        <source>&amp;Layers</source>
        <translation>层(&amp;L)</translation>
    </message>
    <message>
        <source>As the &amp;backbone has them</source>
        <translation>采用骨干网络的层(&amp;B)</translation>
    </message>
    <message>
        <source>Layers and their sizes</source>
        <translation>各层及其尺寸</translation>
    </message>
    <message>
        <source>Add a layer</source>
        <translation>添加层</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>No layers yet</source>
        <translation>还没有层</translation>
    </message>
    <message>
        <source>Each row gives the variables their numbers, for one layer of the network.</source>
        <translation>每一行为网络的一层给出各变量的数值。</translation>
    </message>
    <message>
        <source>Otherwise the numbers of each layer are typed here</source>
        <translation>否则在此输入每一层的数值</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Sizes</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>个数</translation>
    </message>
    <message>
        <source>FLOPs</source>
        <translation>FLOPs</translation>
    </message>
    <message>
        <source>Of the backbone&apos;s own operators there, all of them together</source>
        <translation>骨干网络在这些位置的原有算子，合计</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Layers that take the operator</source>
        <translation>采用该算子的层</translation>
    </message>
    <message>
        <source>They are shown when the shapes fit to the backbone.</source>
        <translation>形状与骨干网络相符后会显示在此。</translation>
    </message>
    <message>
        <source>&amp;Layers: %1, of which %2 are distinct; %3</source>
        <translation>层(&amp;L)：%1 层，其中 %2 种不同；%3</translation>
    </message>
</context>
<context>
    <name>synoscope::LossCurves</name>
    <message>
        <source>Training curves</source>
        <translation>训练曲线</translation>
    </message>
    <message>
        <source>No training yet</source>
        <translation>还没有训练</translation>
    </message>
    <message>
        <source>Loss and accuracy of each training appear here, epoch by epoch.</source>
        <translation>每次训练的损失和准确率逐轮显示在这里。</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>accuracy, %</source>
        <translation>准确率，%</translation>
    </message>
</context>
<context>
    <name>synoscope::MainWindow</name>
    <message>
        <source>Synoscope</source>
        <translation>Synoscope</translation>
    </message>
    <message>
        <source>“%1” is not a file that Synoscope opens: it reads experiments (.synoscope), problems (.json) and operators (.pgraph).</source>
        <translation>Synoscope 无法打开“%1”：它读取实验 (.synoscope)、问题 (.json) 和算子 (.pgraph)。</translation>
    </message>
    <message>
        <source>%1 (%2) - Synoscope</source>
        <extracomment>Title of the window: the experiment&apos;s name, its problem, the program</extracomment>
        <translation>%1（%2）- Synoscope</translation>
    </message>
    <message>
        <source>Open another…</source>
        <translation>打开另一个…</translation>
    </message>
    <message>
        <source>Choose another…</source>
        <translation>另选一个…</translation>
    </message>
    <message>
        <source>Experiments (%1)</source>
        <translation>实验 (%1)</translation>
    </message>
    <message>
        <source>Open an experiment</source>
        <translation>打开实验</translation>
    </message>
    <message>
        <source>Import an operator</source>
        <translation>导入算子</translation>
    </message>
    <message>
        <source>Operators (*.pgraph)</source>
        <translation>算子 (*.pgraph)</translation>
    </message>
    <message>
        <source>Export the operator</source>
        <translation>导出算子</translation>
    </message>
    <message>
        <source>Stopping the search and its jobs…</source>
        <translation>正在停止搜索和任务…</translation>
    </message>
</context>
<context>
    <name>synoscope::ParetoPlot</name>
    <message>
        <source>Pareto plot</source>
        <translation>帕累托图</translation>
    </message>
    <message>
        <source>Nothing measured yet</source>
        <translation>尚无测量</translation>
    </message>
    <message>
        <source>Each candidate with a known accuracy becomes a point here; the best trade-offs form the front.</source>
        <translation>每个已知准确率的候选在此为一个点；最佳权衡构成前沿。</translation>
    </message>
    <message>
        <source>FLOPs ratio</source>
        <translation>FLOPs 比</translation>
    </message>
    <message>
        <source>Speed-up</source>
        <translation>加速比</translation>
    </message>
    <message>
        <source>Figure on the horizontal axis</source>
        <translation>横轴指标</translation>
    </message>
    <message>
        <source>candidates</source>
        <translation>候选</translation>
    </message>
    <message>
        <source>front</source>
        <translation>前沿</translation>
    </message>
    <message>
        <source>starred</source>
        <translation>已加星标</translation>
    </message>
    <message>
        <source>selected</source>
        <translation>所选</translation>
    </message>
    <message>
        <source>accuracy, %</source>
        <translation>准确率，%</translation>
    </message>
    <message>
        <source>speed-up over the baseline, ×</source>
        <translation>相对基线的加速比，×</translation>
    </message>
    <message>
        <source>FLOPs, share of the baseline&apos;s</source>
        <translation>FLOPs，占基线的比例</translation>
    </message>
    <message>
        <source>%1
accuracy %2, speed-up %3, FLOPs %4</source>
        <translation>%1
准确率 %2，加速比 %3，FLOPs %4</translation>
    </message>
</context>
<context>
    <name>synoscope::PlotView</name>
    <message>
        <source>Show everything</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Show everything and follow new data again (Home)</source>
        <translation>显示全部并重新跟随新数据 (Home)</translation>
    </message>
    <message>
        <source>Save the plot as a picture…</source>
        <translation>把图表保存为图片…</translation>
    </message>
    <message>
        <source>A plot is saved as .png or .pdf, not as “%1”.</source>
        <translation>图表保存为 .png 或 .pdf，而不是“%1”。</translation>
    </message>
    <message>
        <source>The plot cannot be written to “%1”.</source>
        <translation>无法把图表写入“%1”。</translation>
    </message>
    <message>
        <source>Save the plot</source>
        <translation>保存图表</translation>
    </message>
    <message>
        <source>Pictures (*.png *.pdf)</source>
        <translation>图片 (*.png *.pdf)</translation>
    </message>
</context>
<context>
    <name>synoscope::PreferencesDialog</name>
    <message>
        <source>&amp;Animate the search tree</source>
        <translation>搜索树使用动画(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Open the last experiment at the start, instead of the demo</source>
        <translation>启动时打开上次的实验，而不是演示(&amp;O)</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>首选项</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>In force when the program starts the next time.</source>
        <translation>下次启动程序时生效。</translation>
    </message>
    <message>
        <source>&amp;Language:</source>
        <translation>语言(&amp;L)：</translation>
    </message>
    <message>
        <source>&amp;Theme:</source>
        <translation>主题(&amp;T)：</translation>
    </message>
    <message>
        <source>Text &amp;size:</source>
        <translation>文字大小(&amp;S)：</translation>
    </message>
</context>
<context>
    <name>synoscope::PrimitivesPanel</name>
    <message>
        <source>Lift all</source>
        <translation>全部解除</translation>
    </message>
    <message>
        <source>Active constraints: %1</source>
        <translation>生效的约束：%1</translation>
    </message>
</context>
<context>
    <name>synoscope::ProblemDialog</name>
    <message>
        <source>Problem to start from</source>
        <translation>起始问题</translation>
    </message>
    <message>
        <source>A problem that comes with the program; it can be changed below</source>
        <translation>随程序提供的问题；可在下面更改</translation>
    </message>
    <message>
        <source>An empty problem</source>
        <translation>空问题</translation>
    </message>
    <message>
        <source>Start &amp;from</source>
        <translation>起始问题(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Open a file…</source>
        <translation>打开文件(&amp;O)…</translation>
    </message>
    <message>
        <source>File of the experiment</source>
        <translation>实验文件</translation>
    </message>
    <message>
        <source>Everything that the search finds and measures is stored there</source>
        <translation>搜索找到和测量的一切都存储在其中</translation>
    </message>
    <message>
        <source>E&amp;xperiment&apos;s file</source>
        <translation>实验文件(&amp;X)</translation>
    </message>
    <message>
        <source>Choos&amp;e…</source>
        <translation>选择(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Create the experiment</source>
        <translation>创建实验(&amp;C)</translation>
    </message>
    <message>
        <source>Sa&amp;ve</source>
        <translation>保存(&amp;V)</translation>
    </message>
    <message>
        <source>Sa&amp;ve the problem…</source>
        <translation>保存问题(&amp;V)…</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>另存为(&amp;A)…</translation>
    </message>
    <message>
        <source>“%1” is too large for a problem.</source>
        <translation>“%1”太大，不会是问题文件。</translation>
    </message>
    <message>
        <source>“%1” cannot be opened: %2</source>
        <translation>无法打开“%1”：%2</translation>
    </message>
    <message>
        <source>Open a problem</source>
        <translation>打开问题</translation>
    </message>
    <message>
        <source>Problems (*.json)</source>
        <translation>问题 (*.json)</translation>
    </message>
    <message>
        <source>experiment</source>
        <translation>实验</translation>
    </message>
    <message>
        <source>Where to store the experiment</source>
        <translation>实验的存储位置</translation>
    </message>
    <message>
        <source>Experiments (%1)</source>
        <translation>实验 (%1)</translation>
    </message>
    <message>
        <source>Say where the experiment is to be stored.</source>
        <translation>请指定实验的存储位置。</translation>
    </message>
    <message>
        <source>This file exists; a new experiment needs one of its own.</source>
        <translation>此文件已存在；新实验需要自己的文件。</translation>
    </message>
    <message>
        <source>There is no folder “%1”.</source>
        <translation>没有文件夹“%1”。</translation>
    </message>
    <message>
        <source>New experiment[*]</source>
        <translation>新建实验[*]</translation>
    </message>
    <message>
        <source>Edit a problem[*]</source>
        <translation>编辑问题[*]</translation>
    </message>
    <message>
        <source>%1[*] - Edit a problem</source>
        <translation>%1[*] - 编辑问题</translation>
    </message>
    <message>
        <source>“%1” cannot be written: %2</source>
        <translation>无法写入“%1”：%2</translation>
    </message>
    <message>
        <source>Save the problem</source>
        <translation>保存问题</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>未保存</translation>
    </message>
    <message>
        <source>The problem was changed and not saved. Give the changes up?</source>
        <translation>问题已更改但未保存。要放弃更改吗？</translation>
    </message>
</context>
<context>
    <name>synoscope::ProblemEditor</name>
    <message>
        <source>The problem as JSON</source>
        <translation>JSON 形式的问题</translation>
    </message>
    <message>
        <source>&amp;Shapes</source>
        <translation>形状(&amp;S)</translation>
    </message>
    <message>
        <source>L&amp;imits</source>
        <translation>限制(&amp;I)</translation>
    </message>
    <message>
        <source>R&amp;ules</source>
        <translation>规则(&amp;U)</translation>
    </message>
    <message>
        <source>Re&amp;ward</source>
        <translation>奖励(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;JSON</source>
        <translation>&amp;JSON</translation>
    </message>
    <message>
        <source>Parts of the problem</source>
        <translation>问题的各部分</translation>
    </message>
    <message>
        <source>What is wrong with the problem</source>
        <translation>问题中的错误</translation>
    </message>
    <message>
        <source>Go &amp;there</source>
        <translation>转到该处(&amp;T)</translation>
    </message>
    <message>
        <source>To the field that this is about</source>
        <translation>转到出错的字段</translation>
    </message>
</context>
<context>
    <name>synoscope::RecentFiles</name>
    <message>
        <source>Open &amp;recent</source>
        <translation>最近打开(&amp;R)</translation>
    </message>
</context>
<context>
    <name>synoscope::RewardDialog</name>
    <message>
        <source>Change the reward</source>
        <translation>更改奖励</translation>
    </message>
    <message>
        <source>All rewards follow from what was measured already; nothing is measured again. The search goes on with the tree of the new reward. Evaluations under way begin anew.</source>
        <translation>所有奖励都由已有的测量结果得出，不会重新测量。搜索将带着新奖励的搜索树继续；正在进行的评估会重新开始。</translation>
    </message>
    <message>
        <source>What this reward changes</source>
        <translation>此奖励会改变什么</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Floor of the accuracy</source>
        <translation>准确率下限</translation>
    </message>
    <message>
        <source>Up to this accuracy there is no reward</source>
        <translation>准确率不超过此值时没有奖励</translation>
    </message>
    <message>
        <source>Ceiling of the accuracy</source>
        <translation>准确率上限</translation>
    </message>
    <message>
        <source>From this accuracy on the reward is whole</source>
        <translation>准确率达到此值时奖励为满值</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>幂</translation>
    </message>
    <message>
        <source>How steeply the reward rises between floor and ceiling: 1 is a straight line</source>
        <translation>奖励在下限与上限之间上升的陡峭程度：1 为直线</translation>
    </message>
    <message>
        <source>&amp;Floor</source>
        <translation>下限(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Ceiling</source>
        <translation>上限(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Power</source>
        <translation>幂(&amp;P)</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <extracomment>%1: what is measured, %2: one of its settings</extracomment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Up to this share of the baseline&apos;s the reward is whole</source>
        <translation>不超过基线的这一份额时，奖励为满值</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>How much a share above the target takes away: (target / share) ^ weight; 0: nothing</source>
        <translation>超过目标时减少多少：(目标 / 份额) ^ 权重；0 表示不减少</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>限制</translation>
    </message>
    <message>
        <source>Above this share there is no reward</source>
        <translation>超过此份额时没有奖励</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Change the &amp;reward</source>
        <translation>更改奖励(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;As it is now</source>
        <translation>恢复当前值(&amp;A)</translation>
    </message>
    <message>
        <source>The accuracy&apos;s floor must be below its ceiling.</source>
        <translation>准确率的下限必须低于上限。</translation>
    </message>
    <message>
        <source>latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>FLOPs</source>
        <translation>FLOPs</translation>
    </message>
    <message>
        <source>The limit of the %1 is below the target: the weight would never count.</source>
        <extracomment>%1: &quot;latency&quot; or &quot;FLOPs&quot;</extracomment>
        <translation>%1的限制低于目标：权重永远不起作用。</translation>
    </message>
    <message>
        <source>This is the reward as it is now.</source>
        <translation>这是当前的奖励。</translation>
    </message>
    <message>
        <source>No candidate has a reward yet: nothing changes but what comes.</source>
        <translation>还没有候选有奖励：只影响以后的候选。</translation>
    </message>
    <message>
        <source>About %1 of %2 rewards change, %3 are 0 then.
The best now: %4 with %5.
The best then: %6 with %7.</source>
        <translation>%2 个奖励中约有 %1 个会改变，更改后有 %3 个为 0。
现在最好的：%4，奖励 %5。
更改后最好的：%6，奖励 %7。</translation>
    </message>
    <message>
        <source>Stopping the evaluations…</source>
        <translation>正在停止评估…</translation>
    </message>
    <message>
        <source>Opening the experiment with its new rewards…</source>
        <translation>正在打开带有新奖励的实验…</translation>
    </message>
    <message>
        <source>Changing the rewards…</source>
        <translation>正在更改奖励…</translation>
    </message>
    <message>
        <source>Cancelled: no reward has changed.</source>
        <translation>已取消：没有奖励改变。</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>正在取消…</translation>
    </message>
    <message>
        <source>Latency, a share of the baseline&apos;s</source>
        <translation>延迟，相对于基线</translation>
    </message>
    <message>
        <source>FLOPs, a share of the baseline&apos;s</source>
        <translation>FLOPs，相对于基线</translation>
    </message>
</context>
<context>
    <name>synoscope::RewardPlot</name>
    <message>
        <source>Reward plot</source>
        <translation>奖励图</translation>
    </message>
    <message>
        <source>No rewards yet</source>
        <translation>还没有奖励</translation>
    </message>
    <message>
        <source>The reward of each evaluated candidate appears here, with the best so far.</source>
        <translation>每个已评估候选的奖励及目前最佳值显示在这里。</translation>
    </message>
    <message>
        <source>candidates</source>
        <translation>候选</translation>
    </message>
    <message>
        <source>best so far</source>
        <translation>目前最佳</translation>
    </message>
    <message>
        <source>selected</source>
        <translation>所选</translation>
    </message>
    <message>
        <source>iteration</source>
        <translation>迭代</translation>
    </message>
    <message>
        <source>reward</source>
        <translation>奖励</translation>
    </message>
    <message>
        <source>%1
reward %2 in iteration %3</source>
        <translation>%1
第 %3 次迭代，奖励 %2</translation>
    </message>
</context>
<context>
    <name>synoscope::RulesPanel</name>
    <message>
        <source>What an operator must be is always checked. These rules keep the same operator from being found twice, or take away what differs in a few border elements only.</source>
        <translation>算子必须满足的条件始终会检查。这些规则避免同一算子被找到两次，或去掉仅在少数边缘元素上不同的算子。</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Rules of the synthesis</source>
        <translation>合成规则</translation>
    </message>
    <message>
        <source>All of these at once: operators that differ from others in a few border elements only, and jumbles</source>
        <translation>一并切换：仅在少数边缘元素上与其他算子不同的算子，以及打乱的算子</translation>
    </message>
    <message>
        <source>Canonical form</source>
        <translation>规范形式</translation>
    </message>
    <message>
        <source>One of several ways to make an operator; no operator is lost</source>
        <translation>同一算子的多种构造方式取其一；不会丢失算子</translation>
    </message>
    <message>
        <source>Pruning</source>
        <translation>剪枝</translation>
    </message>
    <message>
        <source>What cannot be finished; no operator is lost</source>
        <translation>无法完成的部分；不会丢失算子</translation>
    </message>
</context>
<context>
    <name>synoscope::ShapesPanel</name>
    <message>
        <source>Backbone</source>
        <translation>骨干网络</translation>
    </message>
    <message>
        <source>&amp;Backbone</source>
        <translation>骨干网络(&amp;B)</translation>
    </message>
    <message>
        <source>None: the layers are typed below</source>
        <translation>无：在下面输入各层</translation>
    </message>
    <message>
        <source>%1 parameters, %2</source>
        <extracomment>%1: parameters, %2: FLOPs</extracomment>
        <translation>%1 个参数，%2</translation>
    </message>
    <message>
        <source>As described in the problem</source>
        <translation>按问题中的描述</translation>
    </message>
    <message>
        <source>As described in “%1”</source>
        <translation>按“%1”中的描述</translation>
    </message>
    <message>
        <source>From a description file…</source>
        <translation>来自描述文件…</translation>
    </message>
    <message>
        <source>Choose a description of a backbone</source>
        <translation>选择骨干网络的描述</translation>
    </message>
    <message>
        <source>Backbones (*.json)</source>
        <translation>骨干网络 (*.json)</translation>
    </message>
    <message>
        <source>%1 places for the operator, with %2 of the FLOPs; in all %3 parameters, %4</source>
        <extracomment>%1: number of places for the operator, %2: share of all FLOPs, %3: parameters, %4: FLOPs</extracomment>
        <translation>%1 个可放置算子的槽位，占 %2 的 FLOPs；共 %3 个参数，%4</translation>
    </message>
    <message>
        <source>A description of the layers of a network</source>
        <translation>网络各层的描述</translation>
    </message>
    <message>
        <source>The network that is to be trained with the operator in it; without one nothing is trained</source>
        <translation>装入算子后要训练的网络；没有则不训练</translation>
    </message>
</context>
<context>
    <name>synoscope::SpaceView</name>
    <message>
        <source>Sample for &amp;longer</source>
        <translation>采样更久(&amp;L)</translation>
    </message>
    <message>
        <source>Size of the space</source>
        <translation>空间的大小</translation>
    </message>
    <message>
        <source>Four times as long: larger samples tell more of a large space</source>
        <translation>四倍时间：样本越大，对大空间了解越多</translation>
    </message>
</context>
<context>
    <name>synoscope::StatusLine</name>
    <message>
        <source>No experiment</source>
        <translation>没有实验</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Searching, %1 left</source>
        <translation>搜索中，剩余 %1</translation>
    </message>
    <message>
        <source>Searching</source>
        <translation>搜索中</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>Finished: %1</source>
        <translation>已结束：%1</translation>
    </message>
    <message>
        <source>Iterations of the search, and how many a second</source>
        <translation>搜索的迭代次数及每秒次数</translation>
    </message>
    <message>
        <source>Distinct operators found, and how many were found again</source>
        <translation>找到的不同算子数，以及重复找到的比例</translation>
    </message>
    <message>
        <source>Candidates that were trained and measured</source>
        <translation>已训练并测量的候选数</translation>
    </message>
    <message>
        <source>Evaluations that wait or run</source>
        <translation>等待或运行中的评估</translation>
    </message>
    <message>
        <source>The best reward so far</source>
        <translation>目前最佳奖励</translation>
    </message>
    <message>
        <source>Memory that the search takes</source>
        <translation>搜索占用的内存</translation>
    </message>
    <message>
        <source>State of the search</source>
        <translation>搜索状态</translation>
    </message>
    <message>
        <source>%1 iterations</source>
        <translation>%1 次迭代</translation>
    </message>
    <message>
        <source>%1 candidates</source>
        <translation>%1 个候选</translation>
    </message>
    <message>
        <source>%1 candidates, %2 again</source>
        <translation>%1 个候选，重复 %2</translation>
    </message>
    <message>
        <source>%1 evaluated</source>
        <translation>%1 个已评估</translation>
    </message>
    <message>
        <source>%1 waiting</source>
        <translation>%1 个等待</translation>
    </message>
    <message>
        <source>best %1</source>
        <translation>最佳 %1</translation>
    </message>
    <message>
        <source>The search waits for %1 evaluations</source>
        <translation>搜索在等待 %1 项评估</translation>
    </message>
    <message>
        <source>As many operators as allowed are being evaluated. The search goes on when one of them has its reward; the list of jobs shows how far they are.</source>
        <translation>正在评估的算子已达到上限。其中一个得到奖励后，搜索就会继续；任务列表显示它们的进度。</translation>
    </message>
    <message>
        <source>The search waits for one evaluation</source>
        <translation>搜索在等待 1 项评估</translation>
    </message>
    <message>
        <source>%1, %2 left</source>
        <translation>%1，还剩 %2</translation>
    </message>
    <message>
        <source>1 iteration</source>
        <translation>1 次迭代</translation>
    </message>
    <message>
        <source>%1, %2/s</source>
        <translation>%1，%2 次/秒</translation>
    </message>
</context>
<context>
    <name>synoscope::TreeCanvas</name>
    <message>
        <source>Search tree</source>
        <translation>搜索树</translation>
    </message>
    <message>
        <source>No node is selected. Arrow keys move between nodes.</source>
        <translation>未选择节点。方向键在节点之间移动。</translation>
    </message>
    <message>
        <source>The search tree will grow here</source>
        <translation>搜索树将在这里生长</translation>
    </message>
    <message>
        <source>Start the search: every node is a partial operator, every branch a move. Right-click a node to pin or prune what lies below it.</source>
        <translation>开始搜索：每个节点是一个未完成的算子，每条分支是一个步骤。右键单击节点可固定或剪除其下方的内容。</translation>
    </message>
    <message>
        <source>Steering of a node</source>
        <translation>引导节点</translation>
    </message>
    <message>
        <source>Unpin this subtree</source>
        <translation>取消固定该子树</translation>
    </message>
    <message>
        <source>Pin this subtree</source>
        <translation>固定该子树</translation>
    </message>
    <message>
        <source>Lift the prune</source>
        <translation>解除剪枝</translation>
    </message>
    <message>
        <source>Prune this subtree</source>
        <translation>剪除该子树</translation>
    </message>
    <message>
        <source>Roll out from here</source>
        <translation>从这里展开</translation>
    </message>
    <message>
        <source>Show candidates below</source>
        <translation>显示下方的候选</translation>
    </message>
    <message>
        <source>Expand</source>
        <translation>展开</translation>
    </message>
    <message>
        <source>Collapse</source>
        <translation>折叠</translation>
    </message>
</context>
<context>
    <name>synoscope::TreeView</name>
    <message>
        <source>Search tree</source>
        <translation>搜索树</translation>
    </message>
    <message>
        <source>Find moves</source>
        <translation>查找步骤</translation>
    </message>
    <message>
        <source>Mean reward</source>
        <translation>平均奖励</translation>
    </message>
    <message>
        <source>Visits</source>
        <translation>访问次数</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>深度</translation>
    </message>
    <message>
        <source>Primitive</source>
        <translation>原语</translation>
    </message>
    <message>
        <source>What the colours show</source>
        <translation>颜色的含义</translation>
    </message>
    <message>
        <source>Tidy tree</source>
        <translation>树形图</translation>
    </message>
    <message>
        <source>Icicles</source>
        <translation>冰柱图</translation>
    </message>
    <message>
        <source>Show the whole tree (0)</source>
        <translation>显示整棵树 (0)</translation>
    </message>
    <message>
        <source>Zoom in (+)</source>
        <translation>放大 (+)</translation>
    </message>
    <message>
        <source>Zoom out (-)</source>
        <translation>缩小 (-)</translation>
    </message>
    <message>
        <source>Follow the best operator</source>
        <translation>跟随最佳算子</translation>
    </message>
    <message>
        <source>Expand everything</source>
        <translation>全部展开</translation>
    </message>
    <message>
        <source>Collapse everything</source>
        <translation>全部折叠</translation>
    </message>
    <message>
        <source>no match</source>
        <translation>无匹配</translation>
    </message>
    <message>
        <source>%1 found</source>
        <translation>找到 %1 个</translation>
    </message>
</context>
<context>
    <name>synoscope::VariablesTable</name>
    <message>
        <source>primary</source>
        <translation>主变量</translation>
    </message>
    <message>
        <source>coefficient</source>
        <translation>系数</translation>
    </message>
    <message>
        <source>Kind of the variable</source>
        <translation>变量的种类</translation>
    </message>
    <message>
        <source>Variables of sizes</source>
        <translation>尺寸的变量</translation>
    </message>
    <message>
        <source>&amp;Variables</source>
        <translation>变量(&amp;V)</translation>
    </message>
    <message>
        <source>Primary variables get their numbers from the layers. Coefficients are small constants that the search may bring in. Uses: how often one operator may bring in the variable.</source>
        <translation>主变量的数值来自各层。系数是搜索可以引入的小常数。次数：一个算子可引入该变量多少次。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Uses</source>
        <translation>次数</translation>
    </message>
    <message>
        <source>Add a variable</source>
        <translation>添加变量</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>No variables yet</source>
        <translation>还没有变量</translation>
    </message>
    <message>
        <source>Choosing a backbone brings those that its layers need.</source>
        <translation>选择骨干网络会带来其各层所需的变量。</translation>
    </message>
</context>
<context>
    <name>synoscope::VerificationBadge</name>
    <message>
        <source>Not verified yet</source>
        <translation>尚未验证</translation>
    </message>
    <message>
        <source>Being verified…</source>
        <translation>正在验证…</translation>
    </message>
    <message>
        <source>✓ Verified: error %1, tolerance %2</source>
        <translation>✓ 已验证：误差 %1，容差 %2</translation>
    </message>
    <message>
        <source>✗ Wrong: error %1, tolerance %2</source>
        <translation>✗ 错误：误差 %1，容差 %2</translation>
    </message>
    <message>
        <source>✗ The verification failed</source>
        <translation>✗ 验证失败</translation>
    </message>
</context>
<context>
    <name>synoscope::ViewWiring</name>
    <message>
        <source>Below #%1</source>
        <translation>#%1 之下</translation>
    </message>
    <message>
        <source>lift all decisions</source>
        <translation>解除全部决定</translation>
    </message>
    <message>
        <source>Waiting for %1 evaluations</source>
        <translation>正在等待 %1 项评估</translation>
    </message>
    <message>
        <source>%1. %2 (%3 times)</source>
        <translation>%1. %2（%3 次）</translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation>%1. %2</translation>
    </message>
    <message>
        <source>This candidate is not in the tree: a rollout found it below the nodes that the tree has, or it was imported.</source>
        <translation>此候选不在树中：它由树中节点之下的模拟找到，或者是导入的。</translation>
    </message>
    <message>
        <source>Waiting for one evaluation</source>
        <translation>正在等待 1 项评估</translation>
    </message>
</context>
<context>
    <name>synoscope::WindowActions</name>
    <message>
        <source>&amp;New experiment…</source>
        <translation>新建实验(&amp;N)…</translation>
    </message>
    <message>
        <source>Choose a backbone or a problem, and where to store the experiment</source>
        <translation>选择骨干网络或问题，以及实验的存储位置</translation>
    </message>
    <message>
        <source>Edit a &amp;problem…</source>
        <translation>编辑问题(&amp;P)…</translation>
    </message>
    <message>
        <source>Open a problem file, change what is looked for, and save it</source>
        <translation>打开问题文件，更改要寻找的内容并保存</translation>
    </message>
    <message>
        <source>&amp;Open an experiment…</source>
        <translation>打开实验(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Import an operator…</source>
        <translation>导入算子(&amp;I)…</translation>
    </message>
    <message>
        <source>Ctrl+I</source>
        <translation>Ctrl+I</translation>
    </message>
    <message>
        <source>Bring a .pgraph file into the experiment as a candidate</source>
        <translation>把 .pgraph 文件作为候选加入实验</translation>
    </message>
    <message>
        <source>&amp;Export the operator…</source>
        <translation>导出算子(&amp;E)…</translation>
    </message>
    <message>
        <source>Ctrl+E</source>
        <translation>Ctrl+E</translation>
    </message>
    <message>
        <source>Write the selected candidate as code or as a picture</source>
        <translation>把所选候选写成代码或图片</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>Ctrl+Q</source>
        <translation>Ctrl+Q</translation>
    </message>
    <message>
        <source>&amp;Start the search</source>
        <translation>开始搜索(&amp;S)</translation>
    </message>
    <message>
        <source>F5</source>
        <translation>F5</translation>
    </message>
    <message>
        <source>One &amp;iteration</source>
        <translation>单次迭代(&amp;I)</translation>
    </message>
    <message>
        <source>F10</source>
        <translation>F10</translation>
    </message>
    <message>
        <source>A single iteration of the paused search</source>
        <translation>暂停的搜索只执行一次迭代</translation>
    </message>
    <message>
        <source>&amp;Find in the search tree</source>
        <translation>在搜索树中查找(&amp;F)</translation>
    </message>
    <message>
        <source>Filter the &amp;candidates</source>
        <translation>筛选候选(&amp;C)</translation>
    </message>
    <message>
        <source>Ctrl+Shift+F</source>
        <translation>Ctrl+Shift+F</translation>
    </message>
    <message>
        <source>&amp;Reset the layout</source>
        <translation>重置布局(&amp;R)</translation>
    </message>
    <message>
        <source>Put every dock back where it was at first</source>
        <translation>把所有停靠窗口恢复到初始位置</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>全屏(&amp;U)</translation>
    </message>
    <message>
        <source>F11</source>
        <translation>F11</translation>
    </message>
    <message>
        <source>All &amp;commands…</source>
        <translation>所有命令(&amp;C)…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+P</source>
        <translation>Ctrl+Shift+P</translation>
    </message>
    <message>
        <source>Find any action by its name</source>
        <translation>按名称查找任何操作</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>键盘快捷键(&amp;K)</translation>
    </message>
    <message>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <source>&amp;About Synoscope</source>
        <translation>关于 Synoscope(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation>跟随系统(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>浅色(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>深色(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Candidate</source>
        <translation>候选(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Search</source>
        <translation>搜索(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Jobs</source>
        <translation>任务(&amp;J)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Docks</source>
        <translation>停靠窗口(&amp;D)</translation>
    </message>
    <message>
        <source>Search &amp;tree</source>
        <translation>搜索树(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Main tool bar</source>
        <translation>主工具栏</translation>
    </message>
    <message>
        <source>&amp;Pause the search</source>
        <translation>暂停搜索(&amp;P)</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Pause the search; nothing is lost (F5)</source>
        <translation>暂停搜索；不会丢失任何内容 (F5)</translation>
    </message>
    <message>
        <source>Start or resume the search (F5)</source>
        <translation>开始或继续搜索 (F5)</translation>
    </message>
    <message>
        <source>Dimension &amp;graph</source>
        <translation>维度图(&amp;G)</translation>
    </message>
    <message>
        <source>C&amp;ode</source>
        <translation>代码(&amp;O)</translation>
    </message>
    <message>
        <source>Change the &amp;reward…</source>
        <translation>更改奖励(&amp;R)…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+R</source>
        <translation>Ctrl+Shift+R</translation>
    </message>
    <message>
        <source>Give all candidates another reward, from what was measured already</source>
        <translation>根据已有的测量结果，给所有候选另一种奖励</translation>
    </message>
    <message>
        <source>&amp;Preferences…</source>
        <translation>首选项(&amp;P)…</translation>
    </message>
    <message>
        <source>Ctrl+,</source>
        <translation>Ctrl+,</translation>
    </message>
    <message>
        <source>Language, theme, size of texts</source>
        <translation>语言、主题、文字大小</translation>
    </message>
</context>
</TS>
